import { compareRules } from './compare-rules.ts';
import type { Located, Rule } from '../types/index.ts';
import type { SuppressionEntry } from './entry.ts';
import { compileGlobs } from './glob.ts';
import type { PathMatcher } from './glob.ts';

interface Compiled {
  readonly entry: SuppressionEntry;
  readonly paths: PathMatcher | undefined;
}

/** Which entries are about a sighting. A baseline may have as many entries as there are hits, so they are not tried one by one. */
export class EntryIndex {
  readonly #byCredential = new Map<string, Compiled[]>();
  readonly #byPath = new Map<string, Compiled[]>();
  readonly #others: Compiled[] = [];

  constructor(entries: Iterable<SuppressionEntry>) {
    for (const entry of entries) {
      const { credentials, path, paths } = entry.when;
      const compiled = { entry, paths: paths === undefined ? undefined : remembering(compileGlobs(paths)) };
      if (credentials !== undefined) for (const id of credentials) add(this.#byCredential, id, compiled);
      else if (path !== undefined) add(this.#byPath, path, compiled);
      else this.#others.push(compiled);
    }
  }

  /** `names` are those of the rule that names the hit. In the order in which the entries were given within each group. */
  matching(located: Located, names: readonly string[]): SuppressionEntry[] {
    const candidates = [
      ...(this.#byCredential.get(located.hit.credential) ?? []),
      ...(this.#byPath.get(located.sighting.path) ?? []),
      ...this.#others,
    ];
    return candidates.filter((candidate) => matches(candidate, located, names)).map(({ entry }) => entry);
  }
}

function add(map: Map<string, Compiled[]>, key: string, value: Compiled): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** Paths repeat: many hits lie in one file. */
function remembering(matcher: PathMatcher): PathMatcher {
  const known = new Map<string, boolean>();
  return (path) => {
    let result = known.get(path);
    if (result === undefined) known.set(path, (result = matcher(path)));
    return result;
  };
}

function matches({ entry: { when }, paths }: Compiled, { hit, sighting }: Located, names: readonly string[]): boolean {
  return (
    (when.credentials === undefined || when.credentials.includes(hit.credential)) &&
    (when.path === undefined || when.path === sighting.path) &&
    (when.line === undefined || when.line === sighting.line) &&
    (when.rules === undefined || when.rules.some((rule) => names.includes(rule))) &&
    (when.mark === undefined || (hit.allowed ?? []).includes(when.mark)) &&
    (when.sha1 === undefined || when.sha1 === hit.sha1) &&
    (when.commits === undefined || ('commit' in sighting && when.commits.includes(sighting.commit))) &&
    (paths === undefined || paths(sighting.path))
  );
}

/** The rules that a sighting could be named by: its own, then others that found the same bytes, the best first. */
export function rulesOf(located: Located, rules: ReadonlyMap<string, Rule>): readonly Rule[] {
  const known = (ids: readonly string[]): Rule[] => ids.map((id) => rules.get(id)).filter((rule) => rule !== undefined);
  return [...known([located.hit.rule]), ...known(located.hit.alsoMatched).sort(compareRules)];
}

/** What rules and rulesets say about places: judged per sighting, because a text has no path, or several. */
import type { AllowList, Located, Rule, Ruleset, Sighting } from '../types/index.ts';
import { compileGlobs } from './glob.ts';
import type { PathMatcher } from './glob.ts';

/** Compiles an RE2 pattern that is looked for anywhere in a path. */
export type CompilePath = (pattern: string) => PathMatcher;

interface PlaceList {
  readonly list: AllowList;
  readonly mark: string;
  readonly patterns: readonly PathMatcher[];
  /** Names of rules; empty: all. */
  readonly targetRules: readonly string[];
}

interface Conditions {
  readonly only: PathMatcher | undefined;
  readonly except: PathMatcher | undefined;
  readonly pattern: PathMatcher | undefined;
  readonly lists: readonly PlaceList[];
}

export class PlaceRules {
  readonly #compile: CompilePath;
  readonly #byRule = new Map<string, Conditions>();
  readonly #global: readonly PlaceList[];

  constructor(allow: Ruleset['allow'], compile: CompilePath) {
    const known = new Map<string, PathMatcher>();
    this.#compile = (pattern) => {
      let matcher = known.get(pattern);
      if (matcher === undefined) known.set(pattern, (matcher = compile(pattern)));
      return matcher;
    };
    this.#global = allow.map((list, index) => this.#placeList(list, `*#${index}`, list.targetRules));
  }

  /** Whether the rule is for this place at all. */
  applies(rule: Rule, { path }: Sighting): boolean {
    const { only, except, pattern } = this.#conditions(rule);
    return (
      (only === undefined || only(path)) &&
      (except === undefined || !except(path)) &&
      (pattern === undefined || pattern(path))
    );
  }

  /** The allow-list, of the rule or of the ruleset, that allows this place; lists of the configuration are entries, not this. */
  allowedBy(rule: Rule, names: readonly string[], located: Located): AllowList | undefined {
    const lists = [...this.#conditions(rule).lists, ...this.#global];
    return lists.find((list) => list.list.mark === undefined && isFor(list, names) && holds(list, located))?.list;
  }

  #conditions(rule: Rule): Conditions {
    let conditions = this.#byRule.get(rule.id);
    if (conditions === undefined) {
      conditions = {
        only: globs(rule.paths?.only),
        except: globs(rule.paths?.except),
        pattern: rule.pathPattern === undefined ? undefined : this.#compile(rule.pathPattern),
        lists: rule.allow.map((list, index) => this.#placeList(list, `${rule.id}#${index}`, [])),
      };
      this.#byRule.set(rule.id, conditions);
    }
    return conditions;
  }

  #placeList(list: AllowList, mark: string, targetRules: readonly string[]): PlaceList {
    return { list, mark, targetRules, patterns: list.pathPatterns.map((pattern) => this.#compile(pattern)) };
  }
}

function globs(patterns: readonly string[] | undefined): PathMatcher | undefined {
  return patterns === undefined ? undefined : compileGlobs(patterns);
}

function isFor(list: PlaceList, names: readonly string[]): boolean {
  return list.targetRules.length === 0 || list.targetRules.some((rule) => names.includes(rule));
}

/** Lists that ask for nothing but text have dropped their hits before; under `all` their part is in `Hit.allowed`. */
function holds({ list, mark, patterns }: PlaceList, { hit, sighting }: Located): boolean {
  const commit = 'commit' in sighting ? sighting.commit : undefined;
  const byPath = sighting.path !== '' && patterns.some((pattern) => pattern(sighting.path));
  const byCommit = commit !== undefined && list.commits.includes(commit);
  if (list.condition === 'any') return byPath || byCommit;
  if (patterns.length + list.commits.length === 0) return false;
  const asksForText = list.patterns.length + list.words.length > 0;
  return (
    (patterns.length === 0 || byPath) &&
    (list.commits.length === 0 || byCommit) &&
    (!asksForText || (hit.allowed ?? []).includes(mark))
  );
}

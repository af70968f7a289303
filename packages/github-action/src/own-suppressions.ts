/**
 * What a pull request accepts by itself: entries that it adds to ignore files, and comments in what it brings in. They count,
 * since people review them, and are told; with "suppressions: base-only" they do not count.
 */
import {
  CONFIG_FILES,
  IGNORE_FILES,
  readSuppressionFiles,
  saltTag,
  SuppressionError,
  type Config,
  type ConfigFiles,
  type Prepared,
  type Report,
  type SuppressionFile,
} from '@unleak/core';
import type { Notice } from './types.ts';

const MARK = ' of this pull request';
const MAX_LISTED = 10;

/**
 * The ignore files that count, by their paths in the repository. `named`: what the trusted configuration has in the place of
 * `.unleakignore`, undefined where that lies elsewhere and no pull request can add to it.
 */
export function ignoreFiles(
  ignoreFile: Config['ignoreFile'],
  named: string | undefined,
): readonly (readonly [SuppressionFile['kind'], string])[] {
  if (ignoreFile === undefined) return IGNORE_FILES;
  const others = IGNORE_FILES.filter(([kind]) => kind !== 'ignore-file');
  return named === undefined ? others : [['ignore-file', named], ...others];
}

/**
 * What was prepared, with the entries that `files` of `head` have beside those of `left`, where it left its base branch.
 */
export function withOwnEntries(
  prepared: Prepared,
  files: ReturnType<typeof ignoreFiles>,
  left: ConfigFiles,
  head: ConfigFiles,
  tell: (notice: Notice) => void,
): Prepared {
  const tag = saltTag(prepared.settings.salt);
  const changed = files.flatMap(([kind, name]): SuppressionFile[] => {
    const text = head.readText(name);
    return text === undefined || text === left.readText(name) ? [] : [{ kind, name: name + MARK, text }];
  });
  // What it has of old, and the base branch not any more, does not count again.
  const old = files.flatMap(([kind, name]): readonly { readonly text: string }[] => {
    const text = left.readText(name);
    try {
      const { entries, places } = readSuppressionFiles(text === undefined ? [] : [{ kind, name, text }], tag);
      return [...entries, ...places];
    } catch (error) {
      if (!(error instanceof SuppressionError)) throw error;
      return [];
    }
  });
  const known = new Set([...prepared.entries, ...prepared.places, ...old].map((entry) => entry.text));
  const own = changed.map((file) => {
    try {
      const { entries, places } = readSuppressionFiles([file], tag);
      return { entries: entries.filter(isNew), places: places.filter(isNew) };
    } catch (error) {
      if (!(error instanceof SuppressionError)) throw error;
      tell({ level: 'warning', text: `${file.name} does not count: ${error.message.split('\n')[0] ?? ''}` });
      return { entries: [], places: [] };
    }
  });
  return {
    ...prepared,
    entries: [...prepared.entries, ...own.flatMap(({ entries }) => entries)],
    places: [...prepared.places, ...own.flatMap(({ places }) => places)],
  };

  function isNew({ text }: { readonly text: string }): boolean {
    return !known.has(text);
  }
}

/**
 * Says what of the report the pull request itself has accepted. `isChange`: the report is about what it brings in, so that the
 * comments in it are its own.
 */
export function ownSuppressions(report: Report, isChange: boolean): readonly Notice[] {
  const own = report.suppressed.filter(
    ({ suppressed }) => (isChange && suppressed.by === 'inline') || suppressed.source.includes(`${MARK}:`),
  );
  if (own.length === 0) return [];
  const places = own.slice(0, MAX_LISTED).map(({ title, sightings, suppressed }) => {
    const [first] = sightings;
    const where = first === undefined || first.path === '' ? '' : ` at ${first.path}:${first.line}`;
    return `${title}${where} (${suppressed.source})`;
  });
  const more = own.length > MAX_LISTED ? ` and ${own.length - MAX_LISTED} more` : '';
  return [
    {
      level: 'warning',
      text: `suppressed by this change: ${places.join('; ')}${more}. Look at it before you merge; "suppressions: base-only" refuses it`,
    },
  ];
}

/** Says which configuration the pull request changes, without effect on its own scan. */
export function changedConfiguration(left: ConfigFiles, head: ConfigFiles): readonly Notice[] {
  const changed = CONFIG_FILES.filter((name) => left.readText(name) !== head.readText(name));
  return changed.map((name) => ({
    level: 'notice',
    text: `this pull request changes ${name}: until it is merged, that of the base branch counts`,
  }));
}

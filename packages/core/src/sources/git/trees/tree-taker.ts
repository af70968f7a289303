/** Puts together what trees hold: takes over what was read elsewhere, or reads one tree. */
import type { EntryTable } from './entry-table.ts';
import { CONTINUED, RECORD_WORDS } from './kernel.ts';
import type { NameTable } from './name-table.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import { NOT_WANTED, type TreeShare } from './tree-share.ts';
import type { TreeStore } from './tree-store.ts';

export interface TreeTables {
  readonly store: TreeStore;
  readonly names: NameTable;
  readonly entries: EntryTable;
  readonly numbers: ObjectNumbers;
}

const NOTHING = -1;

/** @throws ObjectError `limit` */
export function takeShare({ store, names, entries, numbers }: TreeTables, share: TreeShare): void {
  const { kinds, children, nameStarts, records } = share;
  const nameOf = new Int32Array(nameStarts.length - 1);
  for (let name = 0; name < nameOf.length; name += 1)
    nameOf[name] = names.add(share.names, nameStarts[name] ?? 0, nameStarts[name + 1] ?? 0);
  const otherOf = new Int32Array(share.others.length / numbers.width);
  for (let other = 0; other < otherOf.length; other += 1)
    otherOf[other] = numbers.add(share.others, other * numbers.width);

  const entryOf = new Int32Array(kinds.length);
  for (let at = 0; at < kinds.length; at += 1) {
    const kind = kinds[at] ?? 0;
    const child = children[at] ?? NOT_WANTED;
    if (child === NOT_WANTED) {
      entryOf[at] = NOTHING;
      continue;
    }
    const name = nameOf[kind >>> 1] ?? 0;
    if ((kind & 1) === 0) entryOf[at] = entries.add(name, ~child);
    else entryOf[at] = entries.add(name, child < 0 ? (otherOf[~child] ?? 0) : child);
  }

  for (let at = 0; at < records.length;) {
    const base = records[at + 1] ?? 0;
    if (base !== CONTINUED) store.begin(records[at] ?? 0, base);
    const end = at + RECORD_WORDS + (records[at + 2] ?? 0);
    at += RECORD_WORDS;
    // Steps give way to what they mean, where they stand.
    let to = at;
    for (let from = at; from < end; from += 1) {
      const step = records[from] ?? 0;
      const entry = entryOf[step < 0 ? ~step : step] ?? NOTHING;
      if (entry === NOTHING) continue;
      records[to] = step < 0 ? ~entry : entry;
      to += 1;
    }
    store.step(records, at, to);
    at = end;
  }
}

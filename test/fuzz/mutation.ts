/** What is done to a small repository: to its entries before they are written, or to the bytes of its files. */
import { deflateSync } from 'node:zlib';
import { copyCode, objectIdOf, sizeCode } from '../support/made-pack.ts';
import { randomFrom, type Random } from './random.ts';
import type { PlannedEntry, SmallRepository } from './small-repository.ts';

/** `place`s are shares of what there is, 0 to 1, so that a recipe keeps its sense when the generator changes a little. */
export type Mutation =
  | { readonly kind: 'flip'; readonly file: number; readonly place: number; readonly bit: number }
  | { readonly kind: 'write'; readonly file: number; readonly place: number; readonly hex: string }
  | { readonly kind: 'word'; readonly file: number; readonly number: number; readonly value: number }
  | { readonly kind: 'cut'; readonly file: number; readonly place: number }
  | { readonly kind: 'grow'; readonly file: number; readonly place: number; readonly bytes: number }
  | { readonly kind: 'remove'; readonly file: number }
  | { readonly kind: 'claims'; readonly entry: number; readonly size: number }
  | { readonly kind: 'stream'; readonly entry: number; readonly of: 'zeros' | 'noise'; readonly bytes: number }
  | { readonly kind: 'delta'; readonly entry: number; readonly hex: string }
  | { readonly kind: 'bomb'; readonly entry: number; readonly copies: number; readonly claims: number }
  | { readonly kind: 'base'; readonly entry: number; readonly on: number }
  | { readonly kind: 'id'; readonly entry: number; readonly as: number }
  | { readonly kind: 'offset'; readonly entry: number; readonly offset: number };

const SIZES = [
  0,
  1,
  15,
  16,
  1000,
  0xffff,
  0x10000,
  1 << 20,
  (1 << 20) + 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  10e9,
  2 ** 53,
];

export function draw(random: Random): Mutation {
  const share = (): number => random.below(1e6) / 1e6;
  switch (random.below(17)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return { kind: 'flip', file: share(), place: share(), bit: random.below(8) };
    case 4:
      return { kind: 'write', file: share(), place: share(), hex: random.bytes(1 + random.below(8)).toString('hex') };
    case 5:
      return {
        kind: 'write',
        file: share(),
        place: share(),
        hex: random.pick(['00000000', 'ffffffff', '7fffffff', '80000000', 'ffffffffffffffff']),
      };
    case 6:
      return { kind: 'cut', file: share(), place: share() };
    case 7:
      return { kind: 'grow', file: share(), place: share(), bytes: 1 + random.below(64) };
    case 8:
      return { kind: 'remove', file: share() };
    case 9:
      return { kind: 'claims', entry: share(), size: random.pick(SIZES) };
    case 10:
      return {
        kind: 'stream',
        entry: share(),
        of: random.pick(['zeros', 'noise']),
        bytes: random.pick([0, 10, 1000, 3_000_000]),
      };
    case 11:
      return { kind: 'delta', entry: share(), hex: deltaCode(random).toString('hex') };
    case 12:
      return { kind: 'bomb', entry: share(), copies: 1 + random.below(200), claims: random.pick([-1, -1, ...SIZES]) };
    case 13:
      return { kind: 'base', entry: share(), on: share() };
    case 14:
      // The tables that indexes begin with, the last counts above all.
      return {
        kind: 'word',
        file: share(),
        number: random.pick([1, 2, 255, 256, 257, random.below(300)]),
        value: random.pick([0, 1, 2, 3, 1000, 2 ** 31, 2 ** 32 - 1]),
      };
    case 15:
      return { kind: 'id', entry: share(), as: share() };
    default:
      return {
        kind: 'offset',
        entry: share(),
        offset: random.pick([0, 11, 12, 13, 40, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 62]),
      };
  }
}

/** Instructions of all sorts, few of which fit a base. */
function deltaCode(random: Random): Buffer {
  const code = [...sizeCode(random.pick(SIZES)), ...sizeCode(random.pick(SIZES))];
  for (let step = random.below(6); step > 0; step -= 1) {
    if (random.chance(0.5)) code.push(...copyCode(random.pick(SIZES) % 2 ** 32, random.pick(SIZES) % 2 ** 24));
    else code.push(...random.bytes(1 + random.below(20)));
  }
  return Buffer.from(code);
}

/** What is done before the files are written. */
export function mutateEntries(repository: SmallRepository, mutation: Mutation): void {
  if (!('entry' in mutation)) return;
  const entries = repository.packs.flat();
  const chosen = at(entries, mutation.entry);
  const place = repository.packs
    .flatMap((list, pack) => list.map((_, number) => ({ pack, number })))
    .at(Math.floor(mutation.entry * entries.length));
  if (chosen === undefined || place === undefined) return;
  const changed = changedEntry(repository, chosen, mutation, place.number);
  const list = repository.packs[place.pack];
  if (list !== undefined) list[place.number] = changed;
}

function at<T>(list: readonly T[], place: number): T | undefined {
  return list[Math.floor(place * list.length)];
}

function changedEntry(
  repository: SmallRepository,
  entry: PlannedEntry,
  mutation: Extract<Mutation, { readonly entry: number }>,
  number: number,
): PlannedEntry {
  const entries = repository.packs.flat();
  switch (mutation.kind) {
    case 'claims':
      return { ...entry, claims: mutation.size };
    case 'stream':
      return {
        ...entry,
        stream:
          mutation.of === 'zeros'
            ? deflateSync(Buffer.alloc(mutation.bytes))
            : randomFrom(mutation.bytes).bytes(Math.min(mutation.bytes, 1000)),
      };
    case 'delta':
      return {
        ...entry,
        delta: { base: entry.delta?.base ?? Math.max(0, number - 1), code: Buffer.from(mutation.hex, 'hex') },
      };
    case 'bomb': {
      const size =
        typeof entry.delta?.base === 'number' ? (entries[entry.delta.base]?.content.length ?? 0) : entry.content.length;
      const copies = Array.from({ length: mutation.copies }, () => copyCode(0, Math.min(size, 0xffffff))).flat();
      const code = Buffer.from([
        ...sizeCode(size),
        ...sizeCode(mutation.claims < 0 ? size * mutation.copies : mutation.claims),
        ...copies,
      ]);
      return { ...entry, delta: { base: entry.delta?.base ?? Math.max(0, number - 1), code } };
    }
    case 'base': {
      const other = at(entries, mutation.on);
      const base = other === undefined ? 'b'.repeat(40) : idOf(other, repository);
      return { ...entry, delta: { base, code: entry.delta?.code ?? Buffer.from([1, 1, 1, 1]) } };
    }
    case 'id': {
      const other = at(entries, mutation.as);
      return {
        ...entry,
        id:
          other === undefined || other === entry
            ? 'c'.repeat(repository.hash === 'sha1' ? 40 : 64)
            : idOf(other, repository),
      };
    }
    case 'offset':
      return { ...entry, listedAt: mutation.offset };
  }
}

function idOf(entry: PlannedEntry, { hash }: SmallRepository): string {
  return entry.id ?? objectIdOf(entry.type, entry.content, hash);
}

/** What is done to the files. */
export function mutateFiles(files: Map<string, Buffer>, mutation: Mutation): void {
  if (!('file' in mutation)) return;
  const path = at([...files.keys()], mutation.file);
  const bytes = path === undefined ? undefined : files.get(path);
  if (path === undefined || bytes === undefined) return;
  const place = 'place' in mutation ? Math.floor(mutation.place * bytes.length) : 0;
  const copy = Buffer.from(bytes);
  switch (mutation.kind) {
    case 'flip':
      copy[place] = (copy[place] ?? 0) ^ (1 << mutation.bit);
      files.set(path, copy);
      break;
    case 'write':
      Buffer.from(mutation.hex, 'hex').copy(copy, place);
      files.set(path, copy);
      break;
    case 'word':
      if (mutation.number * 4 + 4 <= copy.length) copy.writeUInt32BE(mutation.value, mutation.number * 4);
      files.set(path, copy);
      break;
    case 'cut':
      files.set(path, copy.subarray(0, place));
      break;
    case 'grow':
      files.set(
        path,
        Buffer.concat([copy.subarray(0, place), Buffer.alloc(mutation.bytes, 0x41), copy.subarray(place)]),
      );
      break;
    case 'remove':
      files.delete(path);
      break;
  }
}

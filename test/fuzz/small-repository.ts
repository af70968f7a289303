/** Small object databases: a few objects, whole and as deltas, in packs and loose, as a seed says. */
import { deflateSync } from 'node:zlib';
import {
  type Hash,
  type MadeEntry,
  makeDelta,
  type DeltaStep,
  makeIndex,
  makeMultiPackIndex,
  makePack,
  objectIdOf,
  packBytes,
} from '../support/made-pack.ts';
import { randomFrom, type Random } from './random.ts';

/** An entry of a pack, changeable before it is written. */
export interface PlannedEntry extends MadeEntry {
  /** In place of the offset in the index. */
  listedAt?: number;
}

export interface SmallRepository {
  readonly hash: Hash;
  readonly packs: PlannedEntry[][];
  readonly loose: { type: MadeEntry['type']; content: Uint8Array }[];
  readonly index: 'version 1' | 'version 2' | 'wide' | 'multi-pack';
}

/** Type and content of every object, by id. */
export type Objects = ReadonlyMap<string, { readonly type: MadeEntry['type']; readonly content: Uint8Array }>;

const TYPES = ['blob', 'blob', 'blob', 'blob', 'commit', 'tag', 'tree'] as const;

export function plan(seed: number): SmallRepository {
  const random = randomFrom(seed);
  const hash = random.chance(0.25) ? 'sha256' : 'sha1';
  const packs = Array.from({ length: 1 + random.below(2) }, (): PlannedEntry[] => []);
  const loose: SmallRepository['loose'] = [];
  const made: { readonly entry: MadeEntry; readonly pack: number; readonly at: number }[] = [];
  const count = 2 + random.below(12);
  for (let number = 0; number < count; number += 1) {
    if (random.chance(0.15)) {
      const object = { type: random.pick(TYPES), content: content(random, number) };
      loose.push(object);
      made.push({ entry: object, pack: -1, at: 0 });
      continue;
    }
    const pack = random.below(packs.length);
    const entries = packs[pack] ?? [];
    const base = made.length > 0 && random.chance(0.6) ? random.pick(made) : undefined;
    const entry =
      base === undefined
        ? { type: random.pick(TYPES), content: content(random, number) }
        : derive(random, number, base.entry, base.pack === pack && random.chance(0.7) ? base.at : base.entry, hash);
    made.push({ entry, pack, at: entries.length });
    entries.push(entry);
  }
  return { hash, packs, loose, index: random.pick(['version 2', 'version 2', 'version 1', 'wide', 'multi-pack']) };
}

/** Commits and tags have a message behind a blank line. */
function content(random: Random, number: number): Buffer {
  const words = Array.from({ length: 3 + random.below(60) }, () => random.below(1e9).toString(36));
  const zeros = random.chance(0.05) ? '\n'.repeat(random.below(50_000)) : '';
  return Buffer.from(`object ${number}\n\n${words.join(random.chance(0.5) ? '\n' : ' ')}${zeros}\n`);
}

function derive(random: Random, number: number, base: MadeEntry, from: number | MadeEntry, hash: Hash): MadeEntry {
  const steps: DeltaStep[] = [];
  for (let step = random.below(5); step >= 0; step -= 1) {
    const start = random.below(base.content.length);
    steps.push(
      { insert: Buffer.from(`${number}.${random.below(1e6)} `) },
      { copy: [start, 1 + random.below(Math.min(base.content.length - start, 0xffff))] },
    );
  }
  const { code, result } = makeDelta(base.content, steps);
  const name = typeof from === 'number' ? from : objectIdOf(from.type, from.content, hash);
  return { type: base.type, content: result, delta: { base: name, code } };
}

export function objectsOf(repository: SmallRepository): Objects {
  const all = [...repository.packs.flat(), ...repository.loose];
  return new Map(all.map(({ type, content }) => [objectIdOf(type, content, repository.hash), { type, content }]));
}

/** Its files, by path below the object directory. */
export function filesOf(repository: SmallRepository): Map<string, Buffer> {
  const { hash, index } = repository;
  const files = new Map<string, Buffer>();
  const rows: { id: string; pack: number; offset: number }[] = [];
  for (const [number, entries] of repository.packs.entries()) {
    const made = makePack(entries, hash);
    const offsets = made.offsets.map((offset, at) => entries[at]?.listedAt ?? offset);
    files.set(`pack/pack-${number}.pack`, packBytes(made));
    for (const [at, id] of made.ids.entries()) rows.push({ id, pack: number, offset: offsets[at] ?? 0 });
    if (index === 'multi-pack') continue;
    const options = { hash, version: index === 'version 1' ? 1 : 2, wide: index === 'wide' } as const;
    files.set(
      `pack/pack-${number}.idx`,
      makeIndex(
        made.ids,
        offsets.map((offset) => (index === 'version 1' ? offset % 2 ** 32 : offset)),
        options,
      ),
    );
  }
  if (index === 'multi-pack')
    files.set(
      'pack/multi-pack-index',
      makeMultiPackIndex(
        repository.packs.map((_, number) => `pack-${number}.idx`),
        rows,
        hash,
      ),
    );
  for (const { type, content } of repository.loose) {
    const id = objectIdOf(type, content, hash);
    const bytes = deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]));
    files.set(`${id.slice(0, 2)}/${id.slice(2)}`, bytes);
  }
  return files;
}

/** Which packs a repository has and where their objects are listed; a multi-pack index speaks for packs without one. */
import { closeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { namesIn } from '../../look.ts';
import { type HashName, hashBytes } from '../oid.ts';
import { readPackHead } from './entry-headers.ts';
import { multiPackIndexes, type PackListing, readMultiPackIndex } from './multi-pack-index.ts';
import { ObjectError } from './object-error.ts';
import { openPlain, readAt } from './plain-file.ts';
import { readPackIndex } from './pack-index.ts';

export interface ListedPack {
  /** File name of its index. */
  readonly name: string;
  readonly path: string;
  /** Where its entries end. */
  readonly end: number;
  /** Entries that the pack itself claims, where its index should list them all. */
  readonly claimed: number | undefined;
  /** At most so many objects. */
  readonly most: number;
  /** @throws ObjectError `corrupt`, or the system's error */
  read(): PackListing;
}

export interface PackListings {
  readonly packs: readonly ListedPack[];
  /** File name and reason. */
  readonly broken: readonly { readonly name: string; readonly detail: string }[];
}

export function listPacks(objectDirs: readonly string[], hash: HashName): PackListings {
  const packs: ListedPack[] = [];
  const broken: { name: string; detail: string }[] = [];
  const attempt = (name: string, open: () => void): void => {
    try {
      open();
    } catch (error) {
      broken.push({ name, detail: reasonOf(error) });
    }
  };
  for (const objects of objectDirs) {
    const directory = join(objects, 'pack');
    const { indexed, bare } = stems(directory);
    for (const stem of indexed)
      attempt(`${stem}.idx`, () => packs.push(openIndexed(join(directory, stem), `${stem}.idx`, hash)));
    if (bare.size === 0) continue;
    const covered = new Set(indexed);
    for (const file of multiPackIndexes(directory))
      attempt(basename(file), () => {
        const listings = [...readMultiPackIndex(file, hash)].filter(([stem]) => !covered.has(stem));
        // A name is a name only if the directory has it: it might lead anywhere.
        for (const [stem, listing] of listings.filter(([stem]) => bare.has(stem))) {
          covered.add(stem);
          attempt(`${stem}.pack`, () => packs.push(openListed(join(directory, stem), basename(file), listing, hash)));
        }
        if (listings.some(([stem]) => !bare.has(stem)))
          throw new ObjectError('corrupt', 'it lists a pack that is not there');
      });
  }
  return { packs, broken };
}

export function reasonOf(error: unknown): string {
  if (error instanceof ObjectError) return error.message;
  if (error instanceof Error && 'code' in error) return 'a file cannot be read';
  throw error;
}

/** File names without their endings, sorted: of indexes, and of packs that have none. */
function stems(directory: string): { readonly indexed: ReadonlySet<string>; readonly bare: ReadonlySet<string> } {
  const names = namesIn(directory);
  const without = (end: string): readonly string[] =>
    names
      .filter((name) => name.endsWith(end))
      .map((name) => name.slice(0, -end.length))
      .sort();
  const indexed = new Set(without('.idx'));
  return { indexed, bare: new Set(without('.pack').filter((stem) => !indexed.has(stem))) };
}

function openListed(path: string, name: string, listing: PackListing, hash: HashName): ListedPack {
  const { end } = readPackHead(`${path}.pack`, hashBytes(hash));
  return { name, path: `${path}.pack`, end, claimed: undefined, most: listing.offsets.length, read: () => listing };
}

function openIndexed(path: string, name: string, hash: HashName): ListedPack {
  const width = hashBytes(hash);
  const { end, count } = readPackHead(`${path}.pack`, width);
  return {
    name,
    path: `${path}.pack`,
    end,
    claimed: count,
    most: mostObjects(`${path}.idx`, width),
    read() {
      const index = readPackIndex(`${path}.idx`, hash);
      const offsets = new Float64Array(index.count);
      for (let at = 0; at < index.count; at += 1) offsets[at] = index.offset(at);
      return { ids: index.ids, offsets };
    },
  };
}

const FAN_OUT_BYTES = 1024;

/** By size: each object takes an id and four bytes in an index, version 1 or 2. */
function mostObjects(file: string, width: number): number {
  const index = openPlain(file);
  try {
    const head = Buffer.alloc(8 + FAN_OUT_BYTES);
    if (readAt(index.file, head, 0) < FAN_OUT_BYTES) throw new ObjectError('corrupt', 'the pack index is cut off');
    // Version 1 has its last count eight bytes before version 2.
    const claimed = Math.max(head.readUInt32BE(FAN_OUT_BYTES - 4), head.readUInt32BE(FAN_OUT_BYTES + 4));
    return Math.min(claimed, Math.floor(index.size / (width + 4)));
  } finally {
    closeSync(index.file);
  }
}

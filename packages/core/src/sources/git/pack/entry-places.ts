/** Where entries lie in the files of their packs. */
import { closeSync } from 'node:fs';
import { hashBytes } from '../oid.ts';
import { HEADER_BYTES } from './entry-headers.ts';
import { type Forest, packOf } from './forest.ts';
import { OFS_DELTA, REF_DELTA } from './object-types.ts';
import { openPlain } from './plain-file.ts';

/** The pack that was entered last; files of packs stay open until `close`. */
export interface EntryPlaces {
  /** Its number, -1 before the first. */
  readonly pack: number;
  /** Behind its last entry. */
  readonly stop: number;
  /** Offset of its trailer. */
  readonly end: number;
  /** Enters the pack of an entry. */
  enter(entry: number): void;
  /** Offset at which an entry of this pack ends: those of one offset count as one. */
  endOf(entry: number): number;
  /** Its descriptor. @throws ObjectError `corrupt` for what is no plain file; the system's error */
  file(): number;
  /**
   * Bytes of the header of an entry that has been parsed before, and of which `size` bytes lie at `start`; `size` if it
   * has changed since and does not parse.
   */
  headerLength(bytes: Uint8Array, start: number, size: number): number;
  close(): void;
}

export function createEntryPlaces(forest: Forest): EntryPlaces {
  const width = hashBytes(forest.hash);
  const files = new Map<number, number>();
  let first = 0;
  const places = {
    pack: -1,
    stop: 0,
    end: 0,
    enter(entry: number): void {
      if (entry >= first && entry < places.stop) return;
      places.pack = packOf(forest, entry);
      const found = forest.packs[places.pack];
      first = found?.first ?? 0;
      places.stop = first + (found?.count ?? 0);
      places.end = found?.end ?? 0;
    },
    endOf(entry: number): number {
      const offset = forest.offset[entry] ?? 0;
      for (let next = entry + 1; next < places.stop; next += 1) {
        const end = forest.offset[next] ?? places.end;
        if (end !== offset) return Math.min(end, places.end);
      }
      return places.end;
    },
    file(): number {
      let file = files.get(places.pack);
      if (file === undefined) {
        ({ file } = openPlain(forest.packs[places.pack]?.path ?? ''));
        files.set(places.pack, file);
      }
      return file;
    },
    headerLength(bytes: Uint8Array, start: number, size: number): number {
      const end = start + Math.min(size, HEADER_BYTES);
      let at = start;
      const type = ((bytes[at] ?? 0) >> 4) & 7;
      while (at < end && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
      at += 1;
      if (type === OFS_DELTA) {
        while (at < end && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
        at += 1;
      } else if (type === REF_DELTA) at += width;
      return Math.min(at - start, size);
    },
    close(): void {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
  return places;
}

/** Commits as git writes them: ids of tree and parents and the committer date, read without making strings of them. */
import { type HashName, hashBytes, nibble } from './oid.ts';

/** A commit with more is read in another way. */
export const MOST_LINKS = 16;

export interface PlainCommits {
  /**
   * Puts the ids that the commit in `bytes[start, end)` names to `ids[at]`, its tree's first, then its parents'. Gives how
   * many; -1 for a commit that is spelt in any other way, or names more than MOST_LINKS: what is at `ids` then is undefined.
   */
  read(bytes: Uint8Array, start: number, end: number, ids: Uint8Array, at: number): number;
  /** Seconds since 1970, of the commit that was read last. */
  readonly date: number;
}

const TREE = Buffer.from('tree ');
const PARENT = Buffer.from('parent ');
const AUTHOR = Buffer.from('author ');
const COMMITTER = Buffer.from('committer ');
const NEWLINE = 0x0a;
/** Values of hex digits, 0xff for anything else. */
const HEX = Uint8Array.from({ length: 256 }, (_, code) => nibble(code));

export function createPlainCommits(hash: HashName): PlainCommits {
  const width = hashBytes(hash);
  let date = 0;

  /** Puts the id in hex at `bytes[from]`, which a line feed must follow, to `ids[to]`; false if that is not so. */
  function readHex(bytes: Uint8Array, from: number, ids: Uint8Array, to: number): boolean {
    if (bytes[from + width * 2] !== NEWLINE) return false;
    let all = 0;
    for (let byte = 0, at = from; byte < width; byte += 1, at += 2) {
      const high = HEX[bytes[at] ?? 0] ?? 0xff;
      const low = HEX[bytes[at + 1] ?? 0] ?? 0xff;
      all |= high | low;
      ids[to + byte] = (high << 4) | low;
    }
    return all <= 15;
  }

  return {
    read(bytes, start, end, ids, to) {
      const step = width * 2 + 1;
      const first = start + TREE.length;
      if (first + step > end || !startsWith(bytes, start, TREE) || !readHex(bytes, first, ids, to)) return -1;
      let count = 1;
      let at = first + step;
      for (; startsWith(bytes, at, PARENT); at += PARENT.length + step) {
        if (count === MOST_LINKS) return -1;
        if (at + PARENT.length + step > end || !readHex(bytes, at + PARENT.length, ids, to + count * width)) break;
        count += 1;
      }
      const author = startsWith(bytes, at, AUTHOR) ? lineEnd(bytes, at, end) : -1;
      date = author < 0 || !startsWith(bytes, author + 1, COMMITTER) ? -1 : plainDate(bytes, author + 1, end);
      return date < 0 ? -1 : count;
    },
    get date() {
      return date;
    },
  };
}

/** The seconds in `… <email> 1600000000 +0100\n`; -1 for what is spelt in any other way. */
function plainDate(bytes: Uint8Array, start: number, end: number): number {
  const stop = lineEnd(bytes, start, end);
  let at = stop - ' +0000'.length;
  if (stop < 0 || at < start || bytes[at] !== 0x20) return -1;
  let date = 0;
  let scale = 1;
  let digits = 0;
  for (at -= 1; digits < 12; at -= 1, digits += 1, scale *= 10) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    date += digit * scale;
  }
  if (digits === 0 || bytes[at] !== 0x20 || bytes[at - 1] !== 0x3e) return -1;
  for (let before = start; before < at - 1; before += 1) if (bytes[before] === 0x3e) return -1;
  return date;
}

/** Where the line feed is; -1 for none before `end`. */
function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (bytes[at] === NEWLINE) return at;
  return -1;
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let byte = 0; byte < text.length; byte += 1) if (bytes[at + byte] !== text[byte]) return false;
  return true;
}

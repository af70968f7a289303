/**
 * Which contents are not worth scanning as text. Two tests:
 *
 * - the first bytes are those of a known compressed, encoded or compiled format. Only signatures that hold a byte no
 *   text has are listed, so that nobody hides a text file by starting it with `GIF8` or `%PDF-`;
 * - the first 8,000 bytes hold NUL, and more than one in twenty is a control character or a NUL behind a NUL, and they
 *   are not UTF-32. NULs that stand alone are no sign: UTF-16 has them, and so has a dump of an environment.
 */
export const SNIFF_BYTES = 8000;

const SIGNATURES: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x00, 0x00, 0x01, 0x00], // ICO
  [0x00, 0x00, 0x02, 0x00], // CUR
  [0x50, 0x4b, 0x03, 0x04], // ZIP, JAR, office documents
  [0x50, 0x4b, 0x05, 0x06], // ZIP, empty
  [0x1f, 0x8b, 0x08], // gzip
  [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], // bzip2 at level 9, with its block mark
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
  [0x04, 0x22, 0x4d, 0x18], // lz4
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], // 7z
  [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], // RAR
  [0x7f, 0x45, 0x4c, 0x46], // ELF
  [0xca, 0xfe, 0xba, 0xbe], // Java class, universal Mach-O
  [0xfe, 0xed, 0xfa, 0xce], // Mach-O
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0x00, 0x61, 0x73, 0x6d], // WebAssembly
  [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], // old office documents
  [0x00, 0x01, 0x00, 0x00, 0x00], // TrueType
  [0x1a, 0x45, 0xdf, 0xa3], // Matroska, WebM
  [0xff, 0xfb], // MP3
  [0x00, 0x00, 0x00, 0x18, 0x66, 0x74, 0x79, 0x70], // MP4
  [0x00, 0x00, 0x00, 0x1c, 0x66, 0x74, 0x79, 0x70],
  [0x00, 0x00, 0x00, 0x20, 0x66, 0x74, 0x79, 0x70],
];

const FIRST_BYTES: Uint8Array = new Uint8Array(256);
for (const [first = 0] of SIGNATURES) FIRST_BYTES[first] = 1;

/** `hasNul`: whether the first SNIFF_BYTES hold a NUL, for a caller who has a faster way to tell. */
export function isBinary(bytes: Uint8Array, hasNul?: boolean): boolean {
  if (bytes.length === 0) return false;
  const first = bytes[0] ?? 0;
  if (FIRST_BYTES[first] === 1 && SIGNATURES.some((signature) => startsWith(bytes, signature))) return true;
  if (hasNul === false) return false;
  // Of a Buffer, NUL is found sixteen bytes at a time.
  const sample = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFF_BYTES));
  if (sample.indexOf(0) < 0) return false;
  return controlShare(sample) > 0.05 && !isWideText(sample);
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((value, at) => bytes[at] === value);
}

function controlShare(sample: Uint8Array): number {
  let count = 0;
  let before = 1;
  for (const byte of sample) {
    if (byte === 0 ? before === 0 : isControl(byte)) count += 1;
    before = byte;
  }
  return count / sample.length;
}

/** Not a control: backspace, tab, line feed, vertical tab, form feed, carriage return, escape. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f;
}

/** A byte order mark, or NULs that sit beside plain characters in one fixed lane. */
function isWideText(sample: Uint8Array): boolean {
  const a = sample[0];
  const b = sample[1];
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return hasLanes(sample, 4, 0) || hasLanes(sample, 4, 3);
}

/** Seven of ten units of `width` bytes hold one plain character at `lane` and NUL elsewhere. */
function hasLanes(sample: Uint8Array, width: number, lane: number): boolean {
  const units = Math.floor(sample.length / width);
  if (units === 0) return false;
  let plain = 0;
  for (let unit = 0; unit < units; unit += 1) {
    let fits = true;
    for (let at = 0; at < width && fits; at += 1) {
      const byte = sample[unit * width + at] ?? 0;
      fits = at === lane ? byte !== 0 && byte < 0x80 && !isControl(byte) : byte === 0;
    }
    if (fits) plain += 1;
  }
  return plain >= units * 0.7;
}

/**
 * Git LFS pointer files (git-lfs, docs/spec.md): the content they stand for is elsewhere. Only an exact pointer counts:
 * any line beyond the format makes it an ordinary text, so that nothing hides behind a pointer's first line.
 */
const VERSION = 'version https://git-lfs.github.com/spec/v1';
const MAX_BYTES = 1024;

const decoder = new TextDecoder('latin1');

export function isLfsPointer(bytes: Uint8Array): boolean {
  // Almost every text ends here: `v`, `e`.
  if (bytes.length > MAX_BYTES || bytes.length < VERSION.length || bytes[0] !== 0x76 || bytes[1] !== 0x65) return false;
  const lines = decoder.decode(bytes).split('\n');
  if (lines.shift() !== VERSION || lines.pop() !== '') return false;
  const keys = lines.map(lineKey);
  return keys.includes('oid') && keys.includes('size') && !keys.includes(undefined);
}

function lineKey(line: string): 'oid' | 'size' | 'ext' | undefined {
  const space = line.indexOf(' ');
  const key = line.slice(0, space);
  const value = line.slice(space + 1);
  if (key === 'size') return isDigits(value) ? 'size' : undefined;
  if (key !== 'oid' && !isExtension(key)) return undefined;
  const isDigest = value.startsWith('sha256:') && value.length === 71 && isHex(value.slice(7));
  if (!isDigest) return undefined;
  return key === 'oid' ? 'oid' : 'ext';
}

/** `ext-0-foo`: a digit for the order, a short name. */
function isExtension(key: string): boolean {
  const name = key.slice(6);
  return (
    key.startsWith('ext-') &&
    isDigits(key.slice(4, 5)) &&
    key[5] === '-' &&
    name.length > 0 &&
    name.length <= 32 &&
    isWord(name)
  );
}

function every(text: string, accepts: (code: number) => boolean): boolean {
  for (let at = 0; at < text.length; at += 1) if (!accepts(text.charCodeAt(at))) return false;
  return text.length > 0;
}

function isDigits(text: string): boolean {
  return text.length <= 20 && every(text, (code) => code >= 0x30 && code <= 0x39);
}

function isHex(text: string): boolean {
  return every(text, (code) => (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66));
}

function isWord(text: string): boolean {
  return every(
    text,
    (code) => (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a),
  );
}

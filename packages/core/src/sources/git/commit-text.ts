/** What is read from commit and tag objects (git's object format). Hostile ones give odd values, never an error. */
import type { CommitRef, Span } from '../../types/index.ts';
import { type HashName, hashBytes, isOid } from './oid.ts';
import { messageStart } from './object-text.ts';

const MAX_MESSAGE_CHARACTERS = 8192;

export interface CommitLinks {
  /** Committer date, seconds since 1970; 0 when it cannot be read. */
  readonly date: number;
  readonly parents: readonly string[];
  readonly tree: string;
}

export function parseCommitLinks(bytes: Uint8Array, hash: HashName): CommitLinks {
  const parents: string[] = [];
  let tree = '';
  let date = 0;
  for (const line of headerLines(bytes)) {
    if (line.startsWith('tree ') && tree === '') tree = line.slice(5, 5 + hashBytes(hash) * 2);
    else if (line.startsWith('parent ') && isOid(line.slice(7), hash)) parents.push(line.slice(7));
    else if (line.startsWith('committer ')) {
      date = ident(line.slice(10), (raw) => raw).seconds;
      break;
    }
  }
  return { date, parents, tree };
}

/** `secrets`: spans in the message that must not be repeated. */
export function parseCommitRef(oid: string, bytes: Uint8Array, secrets: readonly Span[]): CommitRef {
  const headers = headerLines(bytes);
  const decode = decoderOf(headers);
  return { commit: oid, ...who(valueOf(headers, 'author'), decode), message: messageText(bytes, secrets, decode) };
}

export interface TagText extends CommitRef {
  readonly tag: string;
}

/** `commit` is what the tag points at. */
export function parseTag(bytes: Uint8Array, secrets: readonly Span[]): TagText {
  const headers = headerLines(bytes);
  const decode = decoderOf(headers);
  return {
    commit: valueOf(headers, 'object'),
    tag: decode(valueOf(headers, 'tag')),
    ...who(valueOf(headers, 'tagger'), decode),
    message: messageText(bytes, secrets, decode),
  };
}

/** Header lines, one character per byte, without the continuation lines of signatures. */
function headerLines(bytes: Uint8Array): readonly string[] {
  return latin1Text(bytes, 0, Math.min(messageStart(bytes), 256 * 1024))
    .split('\n')
    .filter((line) => !line.startsWith(' '));
}

function valueOf(headers: readonly string[], key: string): string {
  return headers.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
}

type Decode = (latin1Text: string) => string;

function decoderOf(headers: readonly string[]): Decode {
  const label = valueOf(headers, 'encoding').trim();
  const decoder = isEncoding(label) ? new TextDecoder(label) : new TextDecoder();
  return (text) => decoder.decode(Buffer.from(text, 'latin1'));
}

function isEncoding(label: string): boolean {
  if (label === '') return false;
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function who(line: string, decode: Decode): Pick<CommitRef, 'author' | 'email' | 'date'> {
  const { name, email, seconds } = ident(line, decode);
  return { author: name, email, date: isoDate(seconds) };
}

/** `Name <email> seconds zone`; the zone only says how the date was shown. */
function ident(line: string, decode: Decode): { name: string; email: string; seconds: number } {
  const open = line.indexOf('<');
  const close = line.lastIndexOf('>');
  const seconds = Number(
    line
      .slice(close + 1)
      .trim()
      .split(' ')[0],
  );
  return {
    name: decode(line.slice(0, open < 0 ? line.length : open)).trim(),
    email: open < 0 || close < open ? '' : decode(line.slice(open + 1, close)).trim(),
    seconds: Number.isFinite(seconds) ? seconds : 0,
  };
}

/** The range of JavaScript's dates is narrower than what a commit may claim. */
function isoDate(seconds: number): string {
  const limit = 8.64e12;
  return new Date(Math.min(Math.max(seconds, -limit), limit) * 1000).toISOString().replace('.000Z', 'Z');
}

function messageText(bytes: Uint8Array, secrets: readonly Span[], decode: Decode): string {
  const message = bytes.subarray(messageStart(bytes));
  let text = '';
  let at = 0;
  for (const span of [...secrets].sort((a, b) => a.start - b.start)) {
    if (span.end <= at) continue;
    if (span.start >= at) text += `${latin1Text(message, at, span.start)}REDACTED`;
    at = span.end;
  }
  text += latin1Text(message, at, message.length);
  const decoded = decode(text).trim();
  return decoded.length > MAX_MESSAGE_CHARACTERS ? `${decoded.slice(0, MAX_MESSAGE_CHARACTERS)}…` : decoded;
}

/** Exactly one character per byte: TextDecoder's `latin1` is windows-1252 and is not. */
function latin1Text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

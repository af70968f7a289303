/** What is read from commit and tag objects (git's object format). Hostile ones give odd values, never an error. */
import { isAscii } from 'node:buffer';
import type { CommitRef, Span } from '../../types/index.ts';
import { type HashName, hashBytes, isOid } from './oid.ts';
import { messageStart } from './object-text.ts';

const MAX_MESSAGE_CHARACTERS = 8192;
const MAX_HEADER_BYTES = 256 * 1024;
const LF = 0x0a;
const LESS = 0x3c;
const GREATER = 0x3e;
const EMPTY = new Uint8Array(0);
const AUTHOR = Buffer.from('author ');
const ENCODING = Buffer.from('encoding ');
const OBJECT = Buffer.from('object ');
const TAG = Buffer.from('tag ');
const TAGGER = Buffer.from('tagger ');
const REDACTED = Buffer.from('REDACTED');

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
      date = secondsOf(line.slice(Math.max(10, line.lastIndexOf('>') + 1)));
      break;
    }
  }
  return { date, parents, tree };
}

/** `secrets`: spans in the message that must not be repeated. */
export function parseCommitRef(oid: string, bytes: Uint8Array, secrets: readonly Span[]): CommitRef {
  const headers = readHeaders(bytes, AUTHOR, ENCODING);
  const decode = decoderOf(headers.second);
  return { commit: oid, ...who(headers.first, decode), message: messageText(bytes, headers.end, secrets, decode) };
}

export interface TagText extends CommitRef {
  readonly tag: string;
}

/** `commit` is what the tag points at. */
export function parseTag(bytes: Uint8Array, secrets: readonly Span[]): TagText {
  const { first: tagger, second: encoding, end } = readHeaders(bytes, TAGGER, ENCODING);
  const { first: object, second: tag } = readHeaders(bytes, OBJECT, TAG);
  const decode = decoderOf(encoding);
  return {
    commit: text(object),
    tag: decode(tag),
    ...who(tagger, decode),
    message: messageText(bytes, end, secrets, decode),
  };
}

/** What a tag points at. */
export function tagTarget(bytes: Uint8Array): string {
  return text(readHeaders(bytes, OBJECT, TAG).first);
}

/** Header lines, one character per byte, without the continuation lines of signatures. */
function headerLines(bytes: Uint8Array): readonly string[] {
  return text(bytes.subarray(0, Math.min(messageStart(bytes), MAX_HEADER_BYTES)))
    .split('\n')
    .filter((line) => !line.startsWith(' '));
}

interface Headers {
  /** What follows a key in the first line that begins with it, empty without one. */
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  /** Where the message begins. */
  readonly end: number;
}

/** Looks for two keys on the way to the message. */
function readHeaders(bytes: Uint8Array, firstKey: Uint8Array, secondKey: Uint8Array): Headers {
  let first: Uint8Array | undefined;
  let second: Uint8Array | undefined;
  let start = 0;
  while (start < bytes.length) {
    let stop = start;
    while (stop < bytes.length && bytes[stop] !== LF) stop += 1;
    if (stop === start && start > 0) return { first: first ?? EMPTY, second: second ?? EMPTY, end: start + 1 };
    const end = Math.min(stop, MAX_HEADER_BYTES);
    if (first === undefined && startsWith(bytes, start, end, firstKey))
      first = bytes.subarray(start + firstKey.length, end);
    else if (second === undefined && startsWith(bytes, start, end, secondKey))
      second = bytes.subarray(start + secondKey.length, end);
    start = stop + 1;
  }
  return { first: first ?? EMPTY, second: second ?? EMPTY, end: bytes.length };
}

function startsWith(bytes: Uint8Array, start: number, end: number, key: Uint8Array): boolean {
  if (start + key.length > end) return false;
  for (let at = 0; at < key.length; at += 1) if (bytes[start + at] !== key[at]) return false;
  return true;
}

type Decode = (bytes: Uint8Array) => string;

const utf8 = new TextDecoder();

function decoderOf(encoding: Uint8Array): Decode {
  if (encoding.length === 0) return decodeUtf8;
  const label = text(encoding).trim();
  const decoder = isEncoding(label) ? new TextDecoder(label) : utf8;
  return (bytes) => decoder.decode(bytes);
}

/** Most texts are ASCII, which is read sooner. */
function decodeUtf8(bytes: Uint8Array): string {
  return isAscii(bytes) ? text(bytes) : utf8.decode(bytes);
}

function isEncoding(label: string): boolean {
  if (label === '') return false;
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function who(line: Uint8Array, decode: Decode): Pick<CommitRef, 'author' | 'email' | 'date'> {
  const open = line.indexOf(LESS);
  const close = line.lastIndexOf(GREATER);
  return {
    author: decode(line.subarray(0, open < 0 ? line.length : open)).trim(),
    email: open < 0 || close < open ? '' : decode(line.subarray(open + 1, close)).trim(),
    date: isoDate(secondsOf(text(line.subarray(close + 1)))),
  };
}

/** What follows the last `>` of `Name <email> seconds zone`; the zone only says how the date was shown. */
function secondsOf(rest: string): number {
  const seconds = Number(rest.trim().split(' ')[0]);
  return Number.isFinite(seconds) ? seconds : 0;
}

/** The range of JavaScript's dates is narrower than what a commit may claim. */
function isoDate(seconds: number): string {
  const limit = 8.64e12;
  return new Date(Math.min(Math.max(seconds, -limit), limit) * 1000).toISOString().replace('.000Z', 'Z');
}

function messageText(bytes: Uint8Array, start: number, secrets: readonly Span[], decode: Decode): string {
  const message = bytes.subarray(start);
  const decoded = decode(secrets.length === 0 ? message : withoutSecrets(message, secrets)).trim();
  return decoded.length > MAX_MESSAGE_CHARACTERS ? `${decoded.slice(0, MAX_MESSAGE_CHARACTERS)}…` : decoded;
}

function withoutSecrets(message: Uint8Array, secrets: readonly Span[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const span of [...secrets].sort((a, b) => a.start - b.start)) {
    if (span.end <= at) continue;
    if (span.start >= at) parts.push(message.subarray(at, span.start), REDACTED);
    at = span.end;
  }
  return Buffer.concat([...parts, message.subarray(at)]);
}

/** Exactly one character per byte: TextDecoder's `latin1` is windows-1252 and is not. */
function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

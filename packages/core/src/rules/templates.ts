/**
 * Example templates (docs/rules.md, "Examples"): text with placeholders that are filled from a seed, so that nothing
 * token-shaped lies in the repository. The same template, seed and round always give the same bytes.
 */
import { createHash } from 'node:crypto';
import { checksumGenerators } from '../engine/filters/checksums.ts';
import type { Span } from '../types/index.ts';

export interface Example {
  readonly text: Uint8Array;
  /** Spans marked `[[…]]`. */
  readonly secret: readonly Span[];
  /** Spans marked `[[name|…]]`. */
  readonly companions: Readonly<Record<string, Span>>;
}

export class TemplateError extends Error {
  readonly code = 'BAD_TEMPLATE';
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

const DIGIT = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const ALPHABETS: Readonly<Record<string, string>> = {
  base62: DIGIT + UPPER + LOWER,
  alnum: DIGIT + UPPER + LOWER,
  lower: LOWER,
  upper: UPPER,
  digit: DIGIT,
  base36: DIGIT + LOWER,
  BASE36: DIGIT + UPPER,
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  base32: `${UPPER}234567`,
  base64: `${UPPER + LOWER + DIGIT}+/`,
  base64url: `${UPPER + LOWER + DIGIT}-_`,
};
const MAX_COUNT = 20_000;
const PART = /^([A-Za-z][A-Za-z0-9_]*)\|/;

/**
 * @param seed decides every random choice; use the rule's id and the example's place.
 * @param parts names that `[[name|…]]` may give; any other text before a `|` belongs to the secret.
 * @throws TemplateError for a malformed template.
 */
export function expandTemplate(template: string, seed: string, parts: readonly string[] = []): Example {
  return new Expansion(template, random(seed), parts).run();
}

class Expansion {
  readonly #template: string;
  readonly #next: () => number;
  readonly #parts: readonly string[];
  readonly #secret: Span[] = [];
  readonly #companions: Record<string, Span> = {};
  #at = 0;
  #out: Uint8Array[] = [];
  #length = 0;
  #mark: { readonly start: number; readonly name: string | undefined } | undefined;

  constructor(template: string, next: () => number, parts: readonly string[]) {
    this.#template = template;
    this.#next = next;
    this.#parts = parts;
  }

  run(): Example {
    const t = this.#template;
    while (this.#at < t.length) this.#step(t);
    if (this.#mark !== undefined) throw new TemplateError('[[ without ]]');
    return { text: this.#bytes(0), secret: this.#secret, companions: this.#companions };
  }

  #step(t: string): void {
    if (this.#mark === undefined && t.startsWith('[[', this.#at)) return this.#open(t);
    if (this.#mark !== undefined && t.startsWith('[[', this.#at)) throw new TemplateError('[[ inside [[…]]');
    if (this.#mark !== undefined && t.startsWith(']]', this.#at)) return this.#close(this.#mark);
    if (t.startsWith('{{', this.#at) || t.startsWith('}}', this.#at)) {
      this.#put(t[this.#at] ?? '');
      this.#at += 2;
      return;
    }
    if (t[this.#at] === '}') throw new TemplateError('a lone }: write }} for a brace');
    if (t[this.#at] === '{') return this.#placeholder(t);
    const character = String.fromCodePoint(t.codePointAt(this.#at) ?? 0);
    this.#put(character);
    this.#at += character.length;
  }

  #open(t: string): void {
    this.#at += 2;
    const written = PART.exec(t.slice(this.#at, this.#at + 64))?.[1];
    const name = written !== undefined && this.#parts.includes(written) ? written : undefined;
    if (name !== undefined) this.#at += name.length + 1;
    this.#mark = { start: this.#length, name };
  }

  #close(mark: { readonly start: number; readonly name: string | undefined }): void {
    const span = { start: mark.start, end: this.#length };
    if (span.start === span.end) throw new TemplateError('an empty [[]]');
    if (mark.name === undefined) this.#secret.push(span);
    else if (mark.name in this.#companions) throw new TemplateError(`two marks [[${mark.name}|…]]`);
    else this.#companions[mark.name] = span;
    this.#mark = undefined;
    this.#at += 2;
  }

  #placeholder(t: string): void {
    const nested = ['b64url(', 'b64('].find((opening) => t.startsWith(opening, this.#at + 1));
    if (nested !== undefined) return this.#encoded(t, nested);
    const set = t[this.#at + 1] === '[' ? t.indexOf(']', this.#at + 3) : -1;
    const end = t.indexOf('}', Math.max(set, this.#at));
    if (end < 0) throw new TemplateError('a lone {: write {{ for a brace');
    const inner = t.slice(this.#at + 1, end);
    this.#at = end + 1;
    this.#put(this.#value(inner));
  }

  #value(inner: string): string {
    if (inner === 'uuid') return this.#uuid();
    const generator = Object.hasOwn(checksumGenerators, inner) ? checksumGenerators[inner] : undefined;
    if (generator !== undefined) {
      if (this.#mark === undefined) throw new TemplateError(`{${inner}} stands outside [[…]]`);
      return generator(this.#bytes(this.#mark.start));
    }
    const colon = inner.lastIndexOf(':');
    const count = Number(inner.slice(colon + 1));
    const what = inner.slice(0, colon);
    if (colon < 1 || !Number.isInteger(count) || count < 0 || count > MAX_COUNT || inner.endsWith(':')) {
      throw new TemplateError(`unknown placeholder {${inner}}`);
    }
    if (what.startsWith('rep:')) return what.slice(4).repeat(count);
    const alphabet = what.startsWith('[')
      ? classOf(what)
      : Object.hasOwn(ALPHABETS, what)
        ? ALPHABETS[what]
        : undefined;
    if (alphabet === undefined) throw new TemplateError(`unknown placeholder {${inner}}`);
    return this.#pick(alphabet, count);
  }

  #encoded(t: string, opening: string): void {
    const start = this.#at + 1 + opening.length;
    const end = closing(t, start);
    const inner = new Expansion(t.slice(start, end), this.#next, []).run();
    if (inner.secret.length > 0 || Object.keys(inner.companions).length > 0)
      throw new TemplateError('[[ inside {b64(…)}');
    this.#put(Buffer.from(inner.text).toString(opening === 'b64(' ? 'base64' : 'base64url'));
    this.#at = end + 2;
  }

  #uuid(): string {
    const h = this.#pick(ALPHABETS['hex'] ?? '', 32);
    const variant = this.#pick('89ab', 1);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20, 32)}`;
  }

  #pick(alphabet: string, count: number): string {
    let text = '';
    for (let i = 0; i < count; i++)
      text += alphabet[Math.floor((this.#next() / 0x1_0000_0000) * alphabet.length)] ?? '';
    return text;
  }

  #put(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.#out.push(bytes);
    this.#length += bytes.length;
  }

  #bytes(from: number): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#out).subarray(from));
  }
}

/** Where the `)}` stands that closes a nested template beginning at `start`; it may hold others. */
function closing(t: string, start: number): number {
  let depth = 1;
  for (let i = start; i < t.length; i++) {
    if (t.startsWith('{b64(', i) || t.startsWith('{b64url(', i)) depth++;
    if (t.startsWith(')}', i) && --depth === 0) return i;
  }
  throw new TemplateError('{b64( without )}');
}

/** `[a-z_.-]` as its characters. A hyphen at either end is itself; there is no escape and no negation. */
function classOf(text: string): string {
  const body = [...text.slice(1, -1)];
  if (!text.endsWith(']') || body.length === 0 || body[0] === '^')
    throw new TemplateError(`${text} is not a class of characters and ranges`);
  const set = new Set<string>();
  for (let i = 0; i < body.length; i++) {
    const from = body[i] ?? '';
    const to = body[i + 1] === '-' ? body[i + 2] : undefined;
    if (to === undefined) {
      set.add(from);
      continue;
    }
    const [a, b] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];
    if (a > b || b > 0x7e) throw new TemplateError(`${text} holds a range that is backwards or not ASCII`);
    for (let c = a; c <= b; c++) set.add(String.fromCodePoint(c));
    i += 2;
  }
  return [...set].join('');
}

/** sfc32 (Chris Doty-Humphrey), seeded by the SHA-256 of `seed`: 32-bit numbers, the same on every machine. */
function random(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [number, number, number, number];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

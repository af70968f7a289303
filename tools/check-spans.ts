/**
 * Checks on a file of cases that a hit's span is its secret: `node --conditions=dev tools/check-spans.ts CASES.jsonl`,
 * a line for each case, `{id, text, secret, expect}`; only those with `expect: "find"` and a secret count.
 *
 * - mismatch: the bytes at the span neither are nor encode the secret that the hit reports. Each is printed; any makes
 *   the exit code 1.
 * - other bounds: a hit that overlaps the case's secret and has other bytes, which may be the case's own view (a whole
 *   connection string, a token without its prefix). Counted by rule; `--bounds` prints each, without bytes.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { RawHit } from '../packages/core/src/engine/finish.ts';
import { createScanner } from '../packages/core/src/engine/scanner.ts';
import { defaultRuleset } from '../packages/core/src/rules/default-ruleset.ts';

interface Case {
  readonly id: string;
  readonly text: string;
  readonly secret?: string;
  readonly expect: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bounds: { type: 'boolean', default: false } },
});
const [file] = positionals;
if (file === undefined) throw new Error('name a file of cases');

const scanner = createScanner(await defaultRuleset());
const cases = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case)
  .filter((each) => each.expect === 'find' && each.secret !== undefined && each.secret !== '');

let hits = 0;
let exact = 0;
let mismatches = 0;
const bounds = new Map<string, number>();
for (const each of cases) {
  const text = Buffer.from(each.text);
  const secret = Buffer.from(each.secret ?? '');
  for (const hit of scanner.scan(text).hits) {
    hits += 1;
    const wrong = mismatch(text, hit);
    if (wrong !== undefined) {
      mismatches += 1;
      process.stdout.write(`${each.id}: ${hit.program.rule.id} at ${hit.span.start}-${hit.span.end}: ${wrong}\n`);
    }
    const relation = compare(text, secret, hit);
    if (relation === 'the same') exact += 1;
    else if (relation !== undefined) {
      const key = `${hit.program.rule.id}: ${relation}`;
      bounds.set(key, (bounds.get(key) ?? 0) + 1);
      if (values.bounds)
        process.stdout.write(
          `bounds: ${each.id}: ${key} (${hit.secret.length} bytes, the case has ${secret.length})\n`,
        );
    }
  }
}
for (const [key, count] of [...bounds].sort(([a], [b]) => (a < b ? -1 : 1)))
  process.stdout.write(`other bounds: ${key}: ${count}\n`);
process.stdout.write(
  `${cases.length} cases, ${hits} hits, ${exact} with the bytes of the case's secret, ${mismatches} mismatches\n`,
);
if (mismatches > 0) process.exitCode = 1;

/** What is wrong with the span of a hit. */
function mismatch(text: Buffer, hit: RawHit): string | undefined {
  const bytes = text.subarray(hit.span.start, hit.span.end);
  if (hit.decoded.length === 0)
    return bytes.equals(hit.secret) ? undefined : 'the bytes there are not the secret that is reported';
  let layers: readonly Buffer[] = [bytes];
  for (const decoder of hit.decoded) layers = layers.flatMap((layer) => undo(decoder, layer));
  return layers.some((layer) => layer.includes(Buffer.from(hit.secret)))
    ? undefined
    : `the bytes there do not encode the secret (${hit.decoded.join(' in ')})`;
}

/** Independent of the engine's decoders: each reading that the bytes may have. A span may begin within a group of base64. */
function undo(decoder: string, bytes: Buffer): readonly Buffer[] {
  const text = bytes.toString('latin1');
  switch (decoder) {
    case 'base64': {
      const packed = text.replace(/\\[nr]|[^0-9A-Za-z+/_=-]/g, '');
      return [0, 1, 2, 3].map((skip) => Buffer.from(packed.slice(skip), 'base64'));
    }
    case 'hex':
      return [0, 1].map((skip) => Buffer.from(text.slice(skip), 'hex'));
    case 'utf-16':
      return [Buffer.from(text.replaceAll('\0', ''), 'latin1')];
    case 'percent':
    case 'unicode':
    case 'html':
    case 'escapes':
      return [Buffer.from(unescaped(text), 'latin1')];
    default:
      throw new Error(`no way to undo ${decoder}: add it here`);
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(text: string): string {
  const character = (code: string, base: number): string =>
    Buffer.from(String.fromCodePoint(Number.parseInt(code, base))).toString('latin1');
  return text.replace(
    /%([0-9a-f]{2})|\\u\{?([0-9a-f]{1,6})\}?|\\x([0-9a-f]{2})|&#x([0-9a-f]+);|&#(\d+);|&(lt|gt|quot|apos|amp);/gi,
    (_, percent?: string, wide?: string, narrow?: string, hex?: string, decimal?: string, entity?: string) => {
      if (percent !== undefined) return String.fromCharCode(Number.parseInt(percent, 16));
      if (entity !== undefined) return ENTITIES[entity.toLowerCase()] ?? '';
      return decimal === undefined ? character(wide ?? narrow ?? hex ?? '0', 16) : character(decimal, 10);
    },
  );
}

/** How what a hit reports lies to the secret of the case; undefined where they have nothing in common. */
function compare(text: Buffer, secret: Buffer, hit: RawHit): string | undefined {
  const found = Buffer.from(hit.secret);
  if (found.equals(secret) || text.subarray(hit.span.start, hit.span.end).equals(secret)) return 'the same';
  if (found.includes(secret)) return 'more than the case';
  if (secret.includes(found)) return 'less than the case';
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    if (hit.span.start < at + secret.length && at < hit.span.end) return 'shifted against the case';
  }
  return undefined;
}

/** What a scan left in its folder, for tests that compare it or put something else there. */
import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSealed, type SealContext, writeSealed } from '../../packages/core/src/pipeline/memory/sealed-file.ts';
import { decodeTexts } from '../../packages/core/src/pipeline/memory/known-texts.ts';

interface Texts {
  readonly rules: Readonly<Record<string, string>>;
  /** By id: size, and what was found. */
  readonly texts: ReadonlyMap<string, unknown>;
}

/** The texts that are known, in an order of their own. */
export function keptTexts(directory: string): Texts {
  const { content } = sealedTexts(directory);
  const { settings } = headerOf(content);
  const known = decodeTexts(content, String(settings));
  if (known === undefined) throw new Error('nothing is kept');
  const entries = Array.from(
    { length: known.ids.size },
    (_, index) => [known.ids.hex(index), { size: known.sizes[index], report: known.reports.get(index) }] as const,
  );
  return {
    rules: Object.fromEntries(known.rules.digests ?? []),
    texts: new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Puts another header there, sealed as if we had written it; the result of the last scan is not touched. */
export function rewriteTexts(directory: string, change: (header: string) => string): void {
  const { path, context, content } = sealedTexts(directory);
  const end = 4 + content.readUInt32LE(0);
  const header = Buffer.from(change(content.toString('utf8', 4, end)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  writeSealed(path, context, [length, header, content.subarray(end)], 'new');
}

function headerOf(content: Buffer): Readonly<Record<string, unknown>> {
  return JSON.parse(content.toString('utf8', 4, 4 + content.readUInt32LE(0))) as Record<string, unknown>;
}

function sealedTexts(directory: string): { path: string; context: SealContext; content: Buffer } {
  const name = readdirSync(directory).find((file) => file.endsWith('.texts'));
  if (name === undefined) throw new Error('nothing is kept');
  const path = join(directory, name);
  const context = { key: historyKey(), purpose: name };
  const content = readSealed(path, context, undefined);
  if (content === undefined) throw new Error('nothing is kept');
  return { path, context, content };
}

/** That of the key in remembered-scan.ts. */
function historyKey(): Uint8Array {
  return new Uint8Array(createHmac('sha256', new Uint8Array(32).fill(3)).update('unleak/history/v1').digest());
}

/** One text → the hits that may cross to another thread: ids, masks and lines instead of bytes. */
import type { CopyRun, TextMemory } from '../engine/inherit.ts';
import { createScanner } from '../engine/scanner.ts';
import type { ScanRequest } from '../engine/scanner.ts';
import type { Text } from '../types/index.ts';
import type { TextReport, TextScanSettings } from './messages.ts';
import { toHits } from './to-hits.ts';

export interface TextScanner {
  /** `undefined` when there is nothing to say about the text. */
  scan(text: Text): TextReport | undefined;
}

export function createTextScanner(settings: TextScanSettings): TextScanner {
  const scanner = createScanner(settings.ruleset, { maxDecodeDepth: settings.maxDecodeDepth });
  const memories: (TextMemory | undefined)[] = [];
  return {
    scan(text) {
      const result = scanner.scan(text.bytes, requestFor(text, settings, memories));
      if (text.keep !== undefined) memories[text.keep] = result.memory;
      const flagged = result.cut.length > 0 || result.capped.length > 0 || result.decodeLimited;
      if (result.hits.length === 0 && !flagged) return undefined;
      const hits = toHits(text.bytes, result.hits, settings);
      if (!flagged) return { text: text.id, hits };
      return {
        text: text.id,
        hits,
        flags: { cut: result.cut, capped: result.capped, decodeLimited: result.decodeLimited },
      };
    },
  };
}

function requestFor(
  text: Text,
  settings: TextScanSettings,
  memories: readonly (TextMemory | undefined)[],
): ScanRequest {
  if (!settings.inherit) return {};
  const base = text.inherit === undefined ? undefined : memories[text.inherit.base];
  return {
    remember: text.keep !== undefined,
    ...(text.inherit === undefined || base === undefined
      ? {}
      : { inherit: { base, copies: copyRuns(text.inherit.copies) } }),
  };
}

function copyRuns(triples: Int32Array): CopyRun[] {
  const runs: CopyRun[] = [];
  for (let i = 0; i + 2 < triples.length; i += 3)
    runs.push({ src: triples[i] ?? 0, dst: triples[i + 1] ?? 0, length: triples[i + 2] ?? 0 });
  return runs;
}

/** One text → the hits that may cross to another thread: ids, masks and lines instead of bytes. */
import { createScanner } from '../engine/scanner.ts';
import type { Text } from '../types/index.ts';
import type { TextReport, TextScanSettings } from './messages.ts';
import { toHits } from './to-hits.ts';

export interface TextScanner {
  /** `undefined` when there is nothing to say about the text. */
  scan(text: Text): TextReport | undefined;
}

export function createTextScanner(settings: TextScanSettings): TextScanner {
  const scanner = createScanner(settings.ruleset, { maxDecodeDepth: settings.maxDecodeDepth });
  return {
    scan(text) {
      const result = scanner.scan(text.bytes);
      const flagged = result.cut.length > 0 || result.capped.length > 0 || result.decodeLimited;
      if (result.hits.length === 0 && !flagged) return undefined;
      const hits = toHits(text.bytes, result.hits, settings);
      if (!flagged) return { text: text.id, hits };
      return { text: text.id, hits, flags: { cut: result.cut, capped: result.capped, decodeLimited: result.decodeLimited } };
    },
  };
}

/** One text → the hits that may cross to another thread: ids, masks and lines instead of bytes. */
import type { TextMemory } from '../engine/inherit.ts';
import { createScanner } from '../engine/scanner.ts';
import type { ScanRequest } from '../engine/scanner.ts';
import type { Text, TextId } from '../types/index.ts';
import type { TextReport, TextScanSettings } from './messages.ts';
import { toHits } from './to-hits.ts';

export interface TextScanner {
  /** `undefined` when there is nothing to say about the text. */
  scan(text: Text): TextReport | undefined;
}

/** Bases that are kept for texts that derive from them; one that is gone costs a whole scan. */
const MEMORIES = 64;

export function createTextScanner(settings: TextScanSettings): TextScanner {
  const scanner = createScanner(settings.ruleset, { maxDecodeDepth: settings.maxDecodeDepth });
  const memories = new Map<TextId, TextMemory>();
  return {
    scan(text) {
      const result = scanner.scan(text.bytes, requestFor(text, settings, memories));
      if (result.memory !== undefined) remember(memories, text.id, result.memory);
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

function requestFor(text: Text, settings: TextScanSettings, memories: ReadonlyMap<TextId, TextMemory>): ScanRequest {
  if (!settings.inherit) return {};
  const base = text.inherit === undefined ? undefined : memories.get(text.inherit.base);
  return {
    remember: text.remember === true,
    ...(text.inherit === undefined || base === undefined ? {} : { inherit: { base, copies: text.inherit.copies } }),
  };
}

function remember(memories: Map<TextId, TextMemory>, id: TextId, memory: TextMemory): void {
  memories.set(id, memory);
  const [oldest] = memories.keys();
  if (memories.size > MEMORIES && oldest !== undefined) memories.delete(oldest);
}

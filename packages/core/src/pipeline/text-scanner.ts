/** One text → the hits that may cross to another thread: ids, masks and lines instead of bytes. */
import { createScanner } from '../engine/scanner.ts';
import type { ScanRequest, TextResult } from '../engine/scanner.ts';
import { forget } from '../engine/text-memory.ts';
import type { TextMemory } from '../engine/text-memory.ts';
import type { Text, TextReport } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';
import { toHits } from './to-hits.ts';

export interface TextScanner {
  /**
   * `undefined` when there is nothing to say about the text.
   * @throws OutOfMemory for a text too large, or with too much in it; others can be scanned after it
   */
  scan(text: Text): TextReport | undefined;
}

const WHOLE: ScanRequest = {};

export function createTextScanner(settings: TextScanSettings): TextScanner {
  const scanner = createScanner(settings.ruleset, { maxDecodeDepth: settings.maxDecodeDepth });
  /** By slot. */
  const memories: (TextMemory | undefined)[] = [];

  function keep(slot: number, memory: TextMemory | undefined): void {
    const old = memories[slot];
    if (old !== undefined) forget(old);
    memories[slot] = memory;
  }

  function requestFor(text: Text): ScanRequest {
    if (!settings.inherit || (text.keep === undefined && text.inherit === undefined)) return WHOLE;
    const base = text.inherit === undefined ? undefined : memories[text.inherit.base];
    return {
      remember: text.keep !== undefined,
      inherit: base === undefined ? undefined : { base, copies: text.inherit?.copies ?? NO_COPIES },
    };
  }

  return {
    scan(text) {
      let known: TextMemory | undefined;
      try {
        const { result, memory } = scanner.scanText(text.bytes, requestFor(text));
        known = memory;
        return result === undefined ? undefined : report(text, result);
      } finally {
        // Whatever happens: what was kept there is of another text.
        if (text.keep !== undefined) keep(text.keep, known);
      }
    },
  };

  function report(text: Text, result: TextResult): TextReport | undefined {
    const flagged = result.cut.length > 0 || result.capped.length > 0 || result.decodeLimited;
    if (result.hits.length === 0 && !flagged) return undefined;
    const hits = toHits(result.bytes, result.hits, settings);
    if (!flagged) return { text: text.id, hits };
    const { cut, capped, decodeLimited } = result;
    return { text: text.id, hits, flags: { cut, capped, decodeLimited } };
  }
}

const NO_COPIES = new Int32Array(0);

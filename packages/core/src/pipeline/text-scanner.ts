/** One text → the hits that may cross to another thread: ids, masks and lines instead of bytes. */
import { linearMemory } from '../bytes/linear-memory.ts';
import { createScanner } from '../engine/scanner.ts';
import type { ScanRequest, TextResult } from '../engine/scanner.ts';
import type { TextMemory } from '../engine/text-memory.ts';
import { isOwnRules } from '../rules/default-ruleset.ts';
import type { Ruleset, Text, TextReport } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';
import { createTextMemories } from './text-memories.ts';
import type { TextMemories } from './text-memories.ts';
import { toHits } from './to-hits.ts';

export interface TextScanner {
  /**
   * `undefined` when there is nothing to say about the text; of one with `probe`: nothing that is not known.
   * @throws OutOfMemory for a text too large, or with too much in it; others can be scanned after it
   * @throws OutOfTime where that can happen
   */
  scan(text: Text): TextReport | undefined;
}

/** For jobs that have no texts. */
export const NO_SCANNER: TextScanner = {
  scan() {
    throw new Error('a job was said to have no texts, and has some');
  },
};

const WHOLE: ScanRequest = {};

/**
 * `changed`: what texts with `probe` are asked for, see Plan. Without it they are scanned like others. `isOver`: as in
 * ScannerOptions.
 */
export function createTextScanner(settings: TextScanSettings, changed?: Ruleset, isOver?: () => boolean): TextScanner {
  const options = { maxDecodeDepth: settings.maxDecodeDepth, isOver };
  const scanner = createScanner(settings.ruleset, options);
  const prober = changed === undefined ? undefined : createScanner(changed, options);
  const memories = createTextMemories();
  /** Of texts as the changed rules see them: what other rules remember of a text is of no use to them. */
  const probed = createTextMemories();

  function requestFor({ keep, inherit }: Text, known: TextMemories): ScanRequest {
    if (!settings.inherit || (keep === undefined && inherit === undefined)) return WHOLE;
    const base = inherit === undefined ? undefined : known.at(inherit.base);
    return {
      remember: keep !== undefined,
      inherit: base === undefined || inherit === undefined ? undefined : { base, copies: inherit.copies },
    };
  }

  function scanWhole(text: Text): TextReport | undefined {
    let memory: TextMemory | undefined;
    try {
      const outcome = scanner.scanText(text.bytes, requestFor(text, memories));
      memory = outcome.memory;
      return outcome.result === undefined ? undefined : report(text, outcome.result);
    } finally {
      // Whatever happened, what is in the slot is of another text.
      memories.keep(text.keep, memory);
    }
  }

  /** A text in which a changed rule has a say is scanned with all rules, since hits are what is left after rules yield. */
  function probe(text: Text): boolean {
    if (prober === undefined) return true;
    let memory: TextMemory | undefined;
    try {
      const outcome = prober.probe(text.bytes, requestFor(text, probed));
      memory = outcome.memory;
      return outcome.isConcerned;
    } finally {
      probed.keep(text.keep, memory);
    }
  }

  return {
    scan(text) {
      if (prober === undefined) return scanWhole(text);
      if (text.probe !== true) {
        probed.keep(text.keep, undefined);
        return scanWhole(text);
      }
      const same = lasting(text);
      if (probe(text)) {
        const found = scanWhole(same());
        return found === undefined ? undefined : { ...found, replaces: true };
      }
      memories.keep(text.keep, undefined);
      return undefined;
    },
  };

  function report(text: Text, result: TextResult): TextReport | undefined {
    const flagged = result.cut.length > 0 || result.capped.length > 0 || result.decodeLimited;
    const { rules } = result;
    if (rules.length === 0 && !flagged) return undefined;
    if (isOwnRules(result.bytes)) return undefined;
    const hits = toHits(result.bytes, result.hits, settings);
    if (!flagged) return { text: text.id, hits, rules };
    const { cut, capped, decodeLimited } = result;
    return { text: text.id, hits, flags: { cut, capped, decodeLimited }, rules };
  }
}

/** Gives the text anew after linear memory has grown, which leaves all views of it empty. */
function lasting(text: Text): () => Text {
  const { buffer } = linearMemory().memory;
  const bytes = { from: text.bytes.byteOffset, length: text.bytes.length };
  const copies = { from: text.inherit?.copies.byteOffset ?? 0, length: text.inherit?.copies.length ?? 0 };
  const lies = { text: text.bytes.buffer === buffer, copies: text.inherit?.copies.buffer === buffer };
  return () => {
    const now = linearMemory().memory.buffer;
    if (now === buffer) return text;
    const { inherit, keep } = text;
    return {
      // Asked for only now, as long as it is the same text.
      get id() {
        return text.id;
      },
      bytes: lies.text ? new Uint8Array(now, bytes.from, bytes.length) : text.bytes,
      inherit:
        inherit === undefined || !lies.copies
          ? inherit
          : { base: inherit.base, copies: new Int32Array(now, copies.from, copies.length) },
      keep,
    };
  };
}

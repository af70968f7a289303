/** Scans of one repository one after the other, with and without what earlier ones left. */
import { randomBytes } from 'node:crypto';
import { openTarget } from '../../packages/core/src/pipeline/open-target.ts';
import type { MemoryOptions } from '../../packages/core/src/pipeline/memory/memory.ts';
import type { TextScanSettings } from '../../packages/core/src/pipeline/messages.ts';
import { run } from '../../packages/core/src/pipeline/run.ts';
import type { TargetOptions } from '../../packages/core/src/pipeline/target.ts';
import type { Report } from '../../packages/core/src/types/index.ts';
import { testAmbient } from './ambient.ts';
import { asJson, scanSettings } from './real-scan.ts';

export interface MemoryScanOptions {
  readonly settings?: Partial<TextScanSettings>;
  readonly target?: Partial<TargetOptions>;
  readonly memory?: Partial<MemoryOptions>;
  readonly signal?: AbortSignal;
  readonly workers?: number;
}

export interface MemoryScan {
  readonly report: Report;
  /** As `--format json` writes it, without how many texts were known. */
  readonly json: string;
  /** Texts that were not read again. */
  readonly known: number;
  readonly debug: readonly string[];
  /** Texts that changed rules alone were asked about, and how many rules. */
  readonly probed: { readonly texts: number; readonly rules: number };
}

/** `directory` undefined: everything is read, and nothing kept. */
export async function scanWithMemory(
  path: string,
  directory: string | undefined,
  options: MemoryScanOptions = {},
): Promise<MemoryScan> {
  const debug: string[] = [];
  let probed = { texts: 0, rules: 0 };
  const signal = options.signal ?? new AbortController().signal;
  const settings = await scanSettings(options.settings);
  const target = await openTarget(
    'target',
    path,
    {
      mode: { kind: 'all', history: 'yes' },
      refs: [],
      plain: false,
      noIgnore: false,
      followSymlinks: false,
      allowMissing: false,
      verifyObjects: false,
      maxTextBytes: 1 << 20,
      signal,
      ...options.target,
    },
    testAmbient(),
    () => undefined,
  );
  try {
    const report = await run({
      tool: { name: 'unleak', version: '0.0.0' },
      targets: [target],
      settings,
      entries: [],
      places: [],
      include: [],
      exclude: [],
      minSeverity: 'low',
      ...(directory === undefined ? {} : { memory: { ...memoryIn(directory), ...options.memory } }),
      workers: options.workers ?? 1,
      workerUrl: new URL('../../packages/core/src/pipeline/worker.ts', import.meta.url),
      signal,
      now: () => new Date('2026-01-01T00:00:00Z'),
      log: (level, text, fields) => {
        if (level !== 'debug') return;
        debug.push(text);
        if (text.includes('changed rules alone'))
          probed = { texts: Number(fields?.['texts']), rules: Number(fields?.['rules']) };
      },
    });
    const { known = 0, ...facts } = report.summary.facts;
    return {
      report,
      json: asJson({ ...report, summary: { ...report.summary, facts } }),
      known: Number(known),
      debug,
      probed,
    };
  } finally {
    await target.source.close();
  }
}

function memoryIn(directory: string): MemoryOptions {
  return {
    directory,
    key: () => new Uint8Array(32).fill(3),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    uid: process.getuid?.(),
    use: true,
    version: '0.0.0',
  };
}

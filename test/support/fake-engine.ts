/**
 * A stand-in for the engine in tests of sources: it finds `SECRET-` and the letters and digits that follow, and nothing
 * else. Every such word is a credential of its own.
 */
import type {
  Hit,
  Job,
  Located,
  NotScanned,
  Source,
  SourceContext,
  Span,
  Text,
  TextId,
  TextSink,
} from '../../packages/core/src/types/index.ts';
import { loadReader } from '../../packages/core/src/sources/readers.ts';

const PREFIX = Buffer.from(['SECRET', ''].join('-'));
const ALLOW = 'test:allow';

/** A made-up secret that the fake engine finds. */
export function fakeSecret(name: string): string {
  return `${PREFIX.toString()}${name}`;
}

export function fakeHits(text: Uint8Array): readonly Hit[] {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  const hits: Hit[] = [];
  for (let start = bytes.indexOf(PREFIX); start >= 0; start = bytes.indexOf(PREFIX, start + 1)) {
    let end = start + PREFIX.length;
    while (isWord(bytes[end])) end += 1;
    if (end > start + PREFIX.length) hits.push(makeHit(bytes, { start, end }));
  }
  return hits;
}

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39));
}

function makeHit(bytes: Buffer, span: Span): Hit {
  const secret = bytes.toString('latin1', span.start, span.end);
  const lineStart = bytes.lastIndexOf(0x0a, span.start) + 1;
  const lineEnd = bytes.indexOf(0x0a, span.end);
  const line = 1 + bytes.toString('latin1', 0, lineStart).split('\n').length - 1;
  const isAllowed = bytes.toString('latin1', lineStart, lineEnd < 0 ? bytes.length : lineEnd).includes(ALLOW);
  return {
    rule: 'fake',
    alsoMatched: [],
    span,
    line,
    column: span.start - lineStart + 1,
    endLine: line,
    endColumn: span.end - lineStart + 1,
    credential: `c1_${secret.slice(PREFIX.length)}`,
    fingerprint: '',
    mask: '',
    secretLength: span.end - span.start,
    entropy: 0,
    context: '',
    decoded: [],
    parts: {},
    ...(isAllowed ? { inline: { marker: ALLOW, rules: [] } } : {}),
  };
}

export interface FakeScan {
  /** Id and content of every text, in the order of the jobs. */
  readonly texts: ReadonlyMap<TextId, Buffer>;
  readonly hits: ReadonlyMap<TextId, readonly Hit[]>;
  readonly located: readonly Located[];
  readonly notScanned: readonly NotScanned[];
  readonly jobs: readonly Job[];
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Plans, reads all jobs in this thread, attributes. Does not close the source. */
export async function fakeScan(source: Source, signal: AbortSignal = new AbortController().signal): Promise<FakeScan> {
  const notScanned: NotScanned[] = [];
  const texts = new Map<TextId, Buffer>();
  const hits = new Map<TextId, readonly Hit[]>();
  const ctx: SourceContext = {
    signal,
    now: () => new Date(0),
    log: () => undefined,
    notScanned: (event) => notScanned.push(event),
  };
  const plan = await source.plan(ctx);
  let progress = 0;
  const sink: TextSink = {
    text(text: Text) {
      if (texts.has(text.id)) throw new Error(`the text ${text.id} was pushed twice`);
      texts.set(text.id, Buffer.from(text.bytes));
      const found = fakeHits(text.bytes);
      if (found.length > 0) hits.set(text.id, found);
    },
    notScanned: (event) => notScanned.push(event),
    progress: (objects) => {
      progress += objects;
    },
  };
  const jobs = [...plan.jobs];
  for await (const job of plan.later ?? []) jobs.push(job);
  for (const job of structuredClone(jobs)) {
    const reader = await loadReader(job.reader);
    await reader(job, sink, { signal });
  }
  const expected = jobs.reduce((sum, job) => sum + job.objects, 0);
  if (progress !== expected) throw new Error(`progress tells of ${progress} objects, the jobs of ${expected}`);
  const located = await source.attribute(hits, { ...ctx, isCut: false });
  return { texts, hits, located, notScanned, jobs, facts: plan.facts };
}

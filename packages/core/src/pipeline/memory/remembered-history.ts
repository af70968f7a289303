/**
 * The history of a repository as a source that remembers: objects that were scanned before under the same settings are
 * not read again, and where nothing at all has changed the result of the last scan is told once more. What it gives is
 * what a scan of everything would give.
 */
import type { Ambient } from '../../sources/ambient.ts';
import type { DeltaJob } from '../../sources/git/delta-plan.ts';
import type { Repository } from '../../sources/git/detect.ts';
import type { HistoryOptions } from '../../sources/git/history-source.ts';
import { repositorySignature } from '../../sources/git/repository-signature.ts';
import type { Job, JobNews, Located, NotScanned, Plan, Source, SourceContext, TextReport } from '../../types/index.ts';
import type { TextScanSettings } from '../messages.ts';
import { decodeTexts, encodeTexts, type KnownTexts } from './known-texts.ts';
import { openMemory, type Memory, type MemoryOptions } from './memory.ts';
import { collectTexts } from './scanned-texts.ts';
import { settingsDigest } from './settings-digest.ts';
import { decodeResult, encodeResult, type ToldResult } from './told-result.ts';

export interface RememberedOptions {
  readonly repository: Repository;
  readonly ambient: Ambient;
  readonly memory: MemoryOptions;
  readonly settings: TextScanSettings;
  readonly maxTextBytes: number;
  readonly allowMissing: boolean;
  /** The source that reads. */
  open(options: Pick<HistoryOptions, 'isKnown' | 'notePushed' | 'someKnown'>): Promise<Source>;
}

const READER = 'git-deltas';

export function createRememberedHistory(options: RememberedOptions): Source {
  const { repository, ambient, settings } = options;
  const { version, use } = options.memory;
  const news = createNews();
  let memory: Memory | undefined;
  let source: Source | undefined;
  let told: ToldResult | undefined;
  let known: KnownTexts | undefined;
  let seen = new Uint8Array(0);
  let plan: Plan | undefined;
  let signature: string | undefined;
  const digest = { texts: '', result: '' };

  async function makePlan(ctx: SourceContext): Promise<Plan> {
    memory = openMemory(repository, options.memory, ctx.log);
    digest.texts = settingsDigest(settings, { version, maxTextBytes: options.maxTextBytes });
    digest.result = `${digest.texts} ${options.allowMissing ? 'may miss objects' : ''}`;
    signature = repositorySignature(repository, ambient);
    told = use ? readResult() : undefined;
    if (told !== undefined) {
      for (const event of told.notScanned) ctx.notScanned(event);
      const { describes, facts, texts, bytes, flagged } = told;
      return { jobs: [], describes, facts, known: { texts, bytes, reports: flagged } };
    }
    known = use ? memory?.read('texts', (content) => decodeTexts(content, digest.texts)) : undefined;
    seen = new Uint8Array(known?.ids.size ?? 0);
    source = await options.open({ isKnown, notePushed: true, someKnown: known !== undefined });
    plan = await source.plan(news.listen(ctx));
    return { ...plan, known: knownNow() };
  }

  function readResult(): ToldResult | undefined {
    const now = signature;
    return now === undefined
      ? undefined
      : memory?.read('result', (content) => decodeResult(content, digest.result, now));
  }

  function isKnown(id: Uint8Array, at: number): boolean {
    const index = known?.ids.find(id, at) ?? -1;
    if (index < 0) return false;
    seen[index] = 1;
    return true;
  }

  function knownNow(): NonNullable<Plan['known']> {
    let texts = 0;
    let bytes = 0;
    for (const [index, is] of seen.entries()) {
      texts += is;
      bytes += is * (known?.sizes[index] ?? 0);
    }
    const reports = [...(known?.reports ?? [])].flatMap(([index, report]) => (seen[index] === 1 ? [report] : []));
    return { texts, bytes, reports };
  }

  function keep(located: readonly Located[]): void {
    if (memory === undefined || plan === undefined) return;
    const before = knownNow();
    const texts = collectTexts(plan.jobs.filter(isDeltaJob), { known, seen, reports: news.reports });
    if (texts !== undefined) memory.write('texts', encodeTexts(texts, digest.texts));
    if (!news.notScanned.every(isSettled) || repositorySignature(repository, ambient) !== signature) return;
    if (signature === undefined) return;
    const result: ToldResult = {
      describes: plan.describes,
      facts: plan.facts,
      texts: before.texts + news.texts,
      bytes: before.bytes + news.bytes,
      notScanned: news.notScanned,
      flagged: [...before.reports, ...news.reports],
      located,
    };
    memory.write('result', [encodeResult(result, digest.result, signature)]);
  }

  return {
    plan: makePlan,
    heard(reader, message) {
      if (reader === READER) news.hear(message);
      source?.heard?.(reader, message);
    },
    async attribute(hits, ctx) {
      if (told !== undefined) return told.located;
      if (source === undefined) return [];
      const located = await source.attribute(hits, news.listen(ctx));
      if (!news.isLost && !ctx.signal.aborted) keep(located);
      return located;
    },
    close: async () => source?.close(),
  };
}

function isDeltaJob(job: Job): job is DeltaJob {
  return job.reader === READER;
}

/** True for what stays as it is until the repository changes, so that it can be told again. */
function isSettled({ state, reason, where }: NotScanned): boolean {
  return (
    state === 'excluded' || (reason === 'missing' && (where.startsWith('git:') || where === 'objects/info/alternates'))
  );
}

/** What is heard of this source's own jobs and of the source itself. */
interface News {
  readonly texts: number;
  readonly bytes: number;
  readonly reports: readonly TextReport[];
  readonly notScanned: readonly NotScanned[];
  /** Results are missing, and nobody knows of which texts. */
  readonly isLost: boolean;
  hear(message: JobNews): void;
  listen(ctx: SourceContext): SourceContext;
}

function createNews(): News {
  const reports: TextReport[] = [];
  const notScanned: NotScanned[] = [];
  const counts = { texts: 0, bytes: 0 };
  let isLost = false;
  return {
    get texts() {
      return counts.texts;
    },
    get bytes() {
      return counts.bytes;
    },
    reports,
    notScanned,
    get isLost() {
      return isLost;
    },
    hear(message) {
      if (message.type === 'progress') {
        counts.texts += message.texts;
        counts.bytes += message.bytes;
        return;
      }
      notScanned.push(...message.notScanned);
      if (message.type === 'lost') isLost = true;
      else reports.push(...message.reports);
    },
    listen: (ctx) => ({
      ...ctx,
      notScanned(event) {
        notScanned.push(event);
        ctx.notScanned(event);
      },
    }),
  };
}

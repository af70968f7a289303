/**
 * The history of a repository as a source that remembers: objects that were scanned before under the same settings are
 * not read again, and where nothing at all has changed the result of the last scan is told once more. Where only rules
 * have changed, those alone are asked about what is known (text-fates.ts). What it gives is what a scan of everything
 * would give.
 */
import { setImmediate } from 'node:timers/promises';
import type { Ambient } from '../../sources/ambient.ts';
import type { DeltaJob } from '../../sources/git/delta-job.ts';
import type { Repository } from '../../sources/git/detect.ts';
import type { HistoryOptions } from '../../sources/git/history-source.ts';
import { repositorySignature } from '../../sources/git/repository-signature.ts';
import type {
  Job,
  JobNews,
  Located,
  NotScanned,
  PlacingContext,
  Plan,
  Source,
  SourceContext,
  TextReport,
} from '../../types/index.ts';
import type { TextScanSettings } from '../messages.ts';
import { wrapSource } from '../wrap-source.ts';
import { changeOf, digestsOf, type KnownRules, knownRules, type RuleChange } from './changed-rules.ts';
import { decodeTexts, encodeTexts, type KnownTexts } from './known-texts.ts';
import { openMemory, type Memory, type MemoryOptions } from './memory.ts';
import { collectTexts } from './scanned-texts.ts';
import { settingsDigest } from './settings-digest.ts';
import { createFates } from './text-fates.ts';
import { decodeResult, encodeResult, type ToldResult } from './told-result.ts';

export interface RememberedOptions {
  readonly repository: Repository;
  readonly ambient: Ambient;
  readonly memory: MemoryOptions;
  readonly settings: TextScanSettings;
  readonly maxTextBytes: number;
  readonly allowMissing: boolean;
  /** The source that reads. */
  open(options: Pick<HistoryOptions, 'isKnown' | 'isToProbe' | 'notePushed' | 'someKnown'>): Promise<Source>;
}

const READER = 'git-deltas';

type Encode = () => readonly Uint8Array[] | undefined;

export function createRememberedHistory(options: RememberedOptions): Source {
  const { repository, ambient, settings } = options;
  const { version, use } = options.memory;
  const news = createNews();
  let memory: Memory | undefined;
  let source: Source | undefined;
  let told: ToldResult | undefined;
  let known: KnownTexts | undefined;
  let change: RuleChange | undefined;
  let fates = createFates(undefined, undefined);
  let plan: Plan | undefined;
  let signature: string | undefined;
  const digest = { texts: '', rules: '', result: '' };

  async function makePlan(ctx: SourceContext): Promise<Plan> {
    memory = openMemory(repository, options.memory, ctx.log);
    const { common, rules } = settingsDigest(settings, { version, maxTextBytes: options.maxTextBytes });
    digest.texts = common;
    digest.rules = rules;
    digest.result = `${common} ${rules} ${options.allowMissing ? 'may miss objects' : ''}`;
    signature = repositorySignature(repository, ambient);
    told = use ? readResult() : undefined;
    if (told !== undefined) {
      for (const event of told.notScanned) ctx.notScanned(event);
      const { describes, facts, texts, bytes, flagged } = told;
      return { jobs: [], describes, facts, known: { texts, bytes, reports: flagged } };
    }
    known = use ? memory?.read('texts', (content) => decodeTexts(content, digest.texts)) : undefined;
    await useChange();
    source = await options.open({ isKnown, isToProbe, notePushed: true, someKnown: known !== undefined });
    plan = await source.plan(news.listen(ctx));
    const asked = change?.asked?.rules.length ?? 0;
    if (fates.probed > 0)
      ctx.log('debug', 'what is known of the history is asked about changed rules alone', {
        rules: asked,
        texts: fates.probed,
      });
    return { ...plan, known: knownNow(), changed: fates.probed > 0 ? change?.asked : undefined };
  }

  /** Finds out which rules have changed since; what is known is given up where that does not help. */
  async function useChange(): Promise<void> {
    if (known !== undefined && known.rules.key !== digest.rules) {
      const digests = await digestsOf(known.rules);
      change = digests === undefined ? undefined : changeOf(digests, settings.ruleset);
      if (change === undefined) known = undefined;
    }
    fates = createFates(known, change);
  }

  function readResult(): ToldResult | undefined {
    const now = signature;
    return now === undefined
      ? undefined
      : memory?.read('result', (content) => decodeResult(content, digest.result, now));
  }

  function isKnown(id: Uint8Array, at: number): boolean {
    const index = known?.ids.find(id, at) ?? -1;
    return index >= 0 && fates.take(index);
  }

  function isToProbe(id: Uint8Array, at: number): boolean {
    const index = known?.ids.find(id, at) ?? -1;
    return index >= 0 && fates.probe(index);
  }

  function knownNow(): NonNullable<Plan['known']> {
    let texts = 0;
    let bytes = 0;
    for (let index = 0; index < (known?.ids.size ?? 0); index += 1) {
      if (!fates.isTaken(index)) continue;
      texts += 1;
      bytes += known?.sizes[index] ?? 0;
    }
    const reports = [...(known?.reports ?? [])].flatMap(([index, report]) => (fates.isSaid(index) ? [report] : []));
    return { texts, bytes, reports };
  }

  /** Digests of many rules take a while. */
  function rulesNow(): KnownRules {
    return known?.rules.key === digest.rules ? known.rules : knownRules(settings.ruleset, digest.rules);
  }

  function textsNow(): readonly Uint8Array[] | undefined {
    const texts = collectTexts(plan?.jobs.filter(isDeltaJob) ?? [], {
      known,
      fates,
      reports: news.reports,
      notScanned: news.notScanned,
      rulesKey: digest.rules,
      rules: rulesNow,
    });
    return texts === undefined ? undefined : encodeTexts(texts, digest.texts);
  }

  /** What is to be written of texts is made ready while others read trees, and this thread waits for them. */
  async function textsBeside({ isCut }: PlacingContext): Promise<Encode> {
    if (isCut || news.isLost || memory === undefined) return () => undefined;
    await setImmediate();
    try {
      const texts = textsNow();
      return () => texts;
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  function keep(located: readonly Located[], texts: Encode): void {
    if (memory === undefined || plan === undefined) return;
    const before = knownNow();
    memory.write('texts', texts);
    if (!news.notScanned.every(isSettled) || repositorySignature(repository, ambient) !== signature) return;
    if (signature === undefined) return;
    const current = signature;
    const result: ToldResult = {
      describes: plan.describes,
      facts: plan.facts,
      texts: before.texts + news.texts,
      bytes: before.bytes + news.bytes,
      notScanned: news.notScanned,
      flagged: flaggedOf([...before.reports, ...news.reports]),
      located,
    };
    memory.write('result', () => [encodeResult(result, digest.result, current)]);
  }

  return wrapSource(() => source, {
    plan: makePlan,
    heard(reader, message) {
      if (reader === READER) news.hear(message);
      source?.heard?.(reader, message);
    },
    async attribute(hits, ctx) {
      if (told !== undefined) return told.located;
      if (source === undefined) return [];
      const [located, texts] = await Promise.all([source.attribute(hits, news.listen(ctx)), textsBeside(ctx)]);
      if (!news.isLost && !ctx.isCut && !ctx.signal.aborted) keep(located, texts);
      return located;
    },
  });
}

/** The last report of each text holds. */
function flaggedOf(reports: readonly TextReport[]): readonly TextReport[] {
  return [...new Map(reports.map((report) => [report.text, report])).values()].filter(
    ({ flags }) => flags !== undefined,
  );
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
  listen<C extends SourceContext>(ctx: C): C;
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
      if (message.type === 'told') return;
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

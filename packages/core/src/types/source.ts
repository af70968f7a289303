/**
 * The contract of a source (DESIGN: sources, jobs, readers). A source plans cloneable, weighted jobs without bytes; a
 * reader runs one job inside a worker and pushes texts synchronously; afterwards the source says where the texts with
 * hits were seen. No source says "report only these spans".
 */
import type { NotScanned } from './events.ts';
import type { Hit, TextReport } from './hit.ts';
import type { Ruleset } from './rule.ts';
import type { Sighting } from './sighting.ts';

/** Unique within a run, and stable for one content where the source knows one: `git:<oid>`, `file:<path>`, `index:<path>`, `stdin`. */
export type TextId = string;

/** How a text derives from one that was pushed before it in the same job. Optional: results are the same without. */
export interface Inherit {
  /** The slot (`Text.keep`) under which the base was pushed. */
  readonly base: number;
  /**
   * Runs of equal bytes: triples of source, target and length, in the order of the target and not overlapping there;
   * joined where source and target both go on. Not all have to be told. Valid during the call only.
   */
  readonly copies: Int32Array;
}

export interface Text {
  /** May be a getter: it is asked for only when there is something to say about the text. */
  readonly id: TextId;
  /** Valid during the call only. What lies in this thread's linear memory is scanned there, all else is copied into it. */
  readonly bytes: Uint8Array;
  readonly inherit?: Inherit | undefined;
  /**
   * The slot under which the text is remembered for those that derive from it, until another text is kept there: its
   * depth in a chain of deltas, say. Without it, it is forgotten.
   */
  readonly keep?: number | undefined;
  /** All that is not known of it is what the rules of `Plan.changed` find. */
  readonly probe?: boolean;
}

export interface TextSink {
  text(text: Text): void;
  notScanned(event: NotScanned): void;
  /** Units of progress: objects done and bytes read. */
  progress(objects: number, bytes: number): void;
  /** Something that only the source of the job knows what to do with; structured-cloneable. */
  tell?(what: unknown): void;
}

/** Structured-cloneable; `reader` names the module that can run it (see sources/readers.ts). */
export interface Job {
  readonly reader: string;
  /** Expected bytes of work, to share jobs fairly and to decide whether workers are worth starting. */
  readonly weight: number;
  /** Objects in this job, for progress. */
  readonly objects: number;
}

export interface ReaderContext {
  readonly signal: AbortSignal;
}

/** Runs one job. Never throws for one bad object: that is a `notScanned` event. */
export type Reader<J extends Job = Job> = (job: J, sink: TextSink, ctx: ReaderContext) => Promise<void>;

export interface SourceContext {
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly log: (
    level: 'debug' | 'info' | 'warn',
    message: string,
    fields?: Readonly<Record<string, string | number | boolean>>,
  ) => void;
  notScanned(event: NotScanned): void;
  /** For a source that will have much to scan, before it knows what: workers start while it finds out. */
  expectMuch?(): void;
  /**
   * Runs jobs that have no texts, as those of the plan are run, for a source that needs more than one thread by itself;
   * what comes of them is told to `hear` alone. Ends when all are over, or given up.
   */
  run?(jobs: readonly Job[], hear: (news: JobNews) => void): Promise<void>;
}

/** What a source has to say where texts were. An interrupt does not abort `signal` at once: there is a while left for it. */
export interface PlacingContext extends SourceContext {
  /** The scan did not come to its end: there may be more. */
  readonly isCut: boolean;
}

export interface Plan {
  readonly jobs: readonly Job[];
  /** More jobs, found while the first are run. Read once, to its end or until the run is interrupted; then `return` is called. */
  readonly later?: AsyncIterable<Job> | undefined;
  /** Said in the first line of output: "the whole history of … and its uncommitted changes". */
  readonly describes: string;
  /** Facts for the summary, such as `shallow: true`, `commits: 1200`. They may change until all jobs were given. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** What the source takes from an earlier scan: none of it is in a job. */
  readonly known?: Known;
  /** Rules that were not there, or were other ones, when texts with `probe` were scanned before. */
  readonly changed?: Ruleset | undefined;
}

/** Texts that were scanned before, under the same settings, and are still there. */
export interface Known {
  /** How many are not read again. */
  readonly texts: number;
  /** What reading them again would have added to the bytes read. */
  readonly bytes: number;
  /** Those with hits or flags; also of texts that are only probed. */
  readonly reports: readonly TextReport[];
}

/** What came of a job, for a source that remembers it. */
export type JobNews =
  | { readonly type: 'results'; readonly reports: readonly TextReport[]; readonly notScanned: readonly NotScanned[] }
  | { readonly type: 'progress'; readonly objects: number; readonly bytes: number; readonly texts: number }
  /** What a reader tells its source (`TextSink.tell`). */
  | { readonly type: 'told'; readonly what: unknown }
  /** A worker died, and with it results that nobody knows of. */
  | { readonly type: 'lost'; readonly notScanned: readonly NotScanned[] };

/**
 * A hit with the place where it was seen; `text` is the id it was found in. For an interval of history `hit.inline` is
 * that of the newest version of the path (in a range scan: at the range's head), if every place of the credential there
 * has one; the source sees to that.
 */
export interface Located {
  readonly text: TextId;
  readonly hit: Hit;
  readonly sighting: Sighting;
}

export interface Source {
  plan(ctx: SourceContext): Promise<Plan>;
  /** Told of everything that comes of jobs, also those of other sources: `reader` is that of the job. */
  heard?(reader: string, news: JobNews): void;
  /** Told of every job, of any source, when it is over, however it ended; after all that came of it. */
  done?(job: Job): void;
  /**
   * Told, after all jobs, of those that were not begun or were given up because the scan was stopped: a source whose
   * texts have names says them. What a reader left undone in a job that it ended by itself, it has told.
   */
  unread?(jobs: readonly Job[], ctx: SourceContext): void;
  /**
   * Every hit's sightings. Called once, after all jobs, with all texts that have hits. A hit may get several sightings
   * (one text on many paths) or none (then it is not reported). Where it cannot be told, what is known is: a hit that was
   * found is never lost because its place could not be had.
   */
  attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: PlacingContext): Promise<readonly Located[]>;
  /** Removes temporary clones and directories. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * What every command that scans does first: find the targets, resolve the configuration, load rules and suppressions.
 */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  createDeadline,
  isUrl,
  loadUserKey,
  openTarget,
  operatorFiles,
  prepare,
  resolveQuickly,
  run,
  shownUrl,
  targetFiles,
  userDirectories,
  UserKeyError,
  type Ambient,
  type Config,
  type ConfigAmbient,
  type ConfigFiles,
  type FlagValue,
  type MemoryOptions,
  type OpenTarget,
  type Prepared,
  type QuickConfig,
  type Report,
  type Repository,
  type TargetMode,
  type TargetOptions,
  type UserKey,
} from '@unleak/core';
import { closeAll } from './close-all.ts';
import { configTarget } from './config-target.ts';
import { resolveFetched } from './fetched-config.ts';
import { interruptible } from './interrupt.ts';
import type { Io } from './io.ts';
import { createMessages, type Messages } from './terminal/messages.ts';
import { createProgressBar } from './terminal/progress.ts';
import { VERSION } from './version.ts';

/** What most scans leave as it is. */
export interface ScanChoices {
  readonly refs: readonly string[];
  readonly plain: boolean;
  readonly followSymlinks: boolean;
  readonly allowMissing: boolean;
  readonly verifyObjects: boolean;
  readonly reveal: boolean;
  readonly progress: boolean;
  readonly quiet: boolean;
  readonly config: string | undefined;
  readonly trustTargetConfig: boolean | undefined;
}

const CHOICES: ScanChoices = {
  refs: [],
  plain: false,
  followSymlinks: false,
  allowMissing: false,
  verifyObjects: false,
  reveal: false,
  progress: false,
  quiet: false,
  config: undefined,
  trustTargetConfig: undefined,
};

export interface ScanRequest extends Partial<ScanChoices> {
  /** As the operator named them; at least one. */
  readonly targets: readonly string[];
  readonly mode: TargetMode;
  /** False: histories are read as if they had never been scanned. */
  readonly incremental?: boolean;
  /** False: what is scanned is not told, since nobody asked; warnings are. */
  readonly tells?: boolean;
  readonly logLevel: 'debug' | 'info' | 'warn';
  /** Settings by the names of their flags. */
  readonly settings: Readonly<Record<string, FlagValue>>;
  readonly timeoutSeconds?: number;
  /** How many milliseconds of the process's life there are for the scan; what it found until then counts. */
  readonly budget?: (config: Config) => number;
  /** What the one target is, where git has said so. */
  readonly repository?: Repository;
  /** The command makes this file. */
  readonly creates?: 'baseline';
  /** Changes what was prepared, as a drop-in for another scanner does. */
  readonly adapt?: (prepared: Prepared, config: Config) => Prepared | Promise<Prepared>;
  readonly standIn?: StandIn;
  /** Gets the secrets of the findings in clear, before there is a report, which does not hold them. */
  readonly onSecrets?: (secrets: readonly string[]) => void;
}

/** What is read in place of the one target, which lacks objects, or is not trusted to say what counts. */
export interface StandIn {
  /** A repository. */
  readonly path: string;
  /** The target's configuration and ignore files. */
  readonly targetFiles: ConfigFiles;
  /** Files that the operator names. */
  readonly operatorFiles: ConfigFiles;
}

export interface ScanOutcome {
  readonly report: Report;
  readonly config: Config;
  readonly prepared: Prepared;
  readonly messages: Messages;
  /** The budget did not suffice. */
  readonly outOfTime: boolean;
  /** Nothing of the targets was left out by what was asked for, such as a range or a folder of a repository. */
  readonly whole: boolean;
}

/** Scans, and takes care of interrupts, progress and temporary files. */
export async function runScan(given: ScanRequest, io: Io): Promise<ScanOutcome> {
  const request = { ...CHOICES, ...given };
  const messages = createMessages(io, { quiet: request.quiet, level: request.logLevel, tells: request.tells ?? true });
  return await interruptible(io, messages, request.timeoutSeconds, async (signal) => {
    const { standIn } = request;
    const paths =
      standIn === undefined
        ? request.targets.map((name) => (name === '-' || isUrl(name) ? name : resolve(io.cwd, name)))
        : [standIn.path];
    const names = request.targets.map(shownUrl);
    const stdin = paths.includes('-') ? await io.readStdin() : undefined;
    const operator = standIn?.operatorFiles ?? operatorFiles();
    const targets: OpenTarget[] = [];
    let wentWell = false;
    const bar = createProgressBar(io, messages, request.progress && !request.quiet);
    const open = async (index: number, config: Config): Promise<OpenTarget> => {
      const name = names[index] ?? '';
      const options = {
        ...targetOptions(request, config),
        ...(request.repository === undefined ? {} : { repository: request.repository }),
        signal,
        onClone: (text: string) => messages.log('info', text),
        ...(stdin === undefined ? {} : { stdin }),
      };
      const opened = await openTarget(name, paths[index] ?? '', options, ambientOf(io), (text) => messages.tell(text));
      const target = { ...opened, prefix: paths.length > 1 ? prefixOf(name, await isFile(paths[index] ?? '')) : '' };
      targets.push(target);
      return target;
    };
    const input = {
      flags: request.settings,
      config: request.config,
      trustTargetConfig: request.trustTargetConfig,
      ambient: configAmbient(io),
      operatorFiles: operator,
      creates: request.creates,
    };
    try {
      let resolved: QuickConfig;
      if (paths.length === 1 && isUrl(paths[0] ?? '')) {
        // What is fetched says something only once it is here; the operator alone says how it is fetched.
        const fetched = await open(0, (await resolveQuickly(input)).config);
        resolved = await resolveFetched(input, fetched);
      } else {
        resolved = await resolveQuickly({ ...input, target: await targetOfConfig(request, paths, messages) });
        for (const index of paths.keys()) await open(index, resolved.config);
      }
      const { config, warnings } = resolved;
      const base = await prepare(config, {
        cwd: io.cwd,
        operatorFiles: operator,
        fingerprintKey: () => fingerprintKey(io, messages),
        reveal: request.reveal,
        carrySecrets: request.onSecrets !== undefined,
      });
      const prepared = request.adapt === undefined ? base : await request.adapt(base, config);
      for (const warning of [...warnings, ...prepared.warnings]) messages.log('warn', warning);
      const deadline = request.budget === undefined ? undefined : createDeadline(io.sinceStart, request.budget(config));
      if (request.mode.kind === 'all') (await import('./v8-for-scans.ts')).prepareV8ForScans();
      let planned = 0;
      const report = await run({
        tool: { name: 'unleak', version: VERSION },
        targets,
        settings: prepared.settings,
        entries: prepared.entries,
        places: prepared.places,
        include: config.paths.include ?? [],
        exclude: config.paths.exclude,
        minSeverity: config.severity,
        ...memoryOf(request, io),
        workers: config.workers ?? io.parallelism,
        workerUrl: new URL(import.meta.resolve('@unleak/core/worker')),
        signal,
        ...(deadline === undefined ? {} : { deadline }),
        now: io.now,
        log: (level, text, fields) => messages.log(level, text, fields),
        onPlan: (describes) => messages.tell(planText(names[planned++] ?? '', describes)),
        onProgress: (progress) => bar.update(progress),
        ...(request.onSecrets === undefined ? {} : { onSecrets: request.onSecrets }),
      });
      const isCut = report.notScanned.some(({ reason }) => reason === 'interrupted');
      const outOfTime = deadline?.isOver() === true && isCut && !report.summary.interrupted;
      wentWell = true;
      return { report, config, prepared, messages, outOfTime, whole: targets.every((target) => target.whole) };
    } finally {
      bar.stop();
      await closeAll(
        targets.map(({ source }) => source),
        wentWell,
      );
    }
  });
}

async function targetOfConfig(
  { repository, standIn, mode }: ScanRequest,
  paths: readonly string[],
  messages: Messages,
): ReturnType<typeof configTarget> {
  if (standIn !== undefined) return { kind: 'local', files: standIn.targetFiles };
  if (repository === undefined) return await configTarget(paths, mode.kind !== 'all', messages);
  return repository.worktree === undefined ? undefined : { kind: 'local', files: targetFiles(repository.worktree) };
}

/** What is scanned of a target; nothing of one that has only its name to describe it. */
function planText(name: string, describes: string): string {
  if (name === describes) return `${name} cannot be scanned`;
  return `scanning ${name === '-' || name === '.' || name === '' ? '' : `${name}: `}${describes}`;
}

function targetOptions(
  request: Pick<ScanRequest, 'mode'> & ScanChoices,
  config: Config,
): Omit<TargetOptions, 'signal'> {
  const { mode, refs, plain, followSymlinks, allowMissing, verifyObjects } = request;
  return {
    ...{ mode, refs, plain, followSymlinks, allowMissing, verifyObjects },
    noIgnore: !config.ignore.gitignore,
    maxTextBytes: config.limits.maxFileSize,
  };
}

/** Of a file, the folder: the sighting names the file itself. */
function prefixOf(name: string, ofFile: boolean): string {
  const parts = name.replaceAll('\\', '/').split('/');
  if (ofFile) parts.pop();
  const path = parts
    .join('/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
  return path === '' || path === '.' ? '' : `${path}/`;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

export function configAmbient(io: Io): ConfigAmbient {
  return { env: io.env, cwd: io.cwd, home: io.home, platform: io.platform };
}

export function ambientOf(io: Io): Ambient {
  return { env: io.env, tmpdir: io.tmpdir, uid: io.uid, parallelism: io.parallelism };
}

function memoryOf(request: ScanRequest, io: Io): { memory?: MemoryOptions } {
  const cache = userDirectories(configAmbient(io))?.cache;
  if (cache === undefined) return {};
  return {
    memory: {
      directory: join(cache, 'history'),
      key: () => storedKey(io),
      random,
      uid: io.uid,
      use: request.incremental !== false,
      version: VERSION,
    },
  };
}

/** Undefined where there is none to keep; why that is, is said when a scan cannot do without. */
function storedKey(io: Io): Uint8Array | undefined {
  try {
    const { key, origin } = userKey(io);
    return origin === 'ephemeral' ? undefined : key;
  } catch (error) {
    if (error instanceof UserKeyError) return undefined;
    throw error;
  }
}

function random(bytes: number): Uint8Array {
  return new Uint8Array(randomBytes(bytes));
}

function userKey(io: Io): UserKey {
  return loadUserKey({ directory: userDirectories(configAmbient(io))?.data, random, platform: io.platform });
}

function fingerprintKey(io: Io, messages: Messages): Uint8Array {
  const { key, origin } = userKey(io);
  if (origin === 'ephemeral')
    messages.log('info', 'no key could be stored for this user: fingerprints of this run fit no other run');
  return key;
}

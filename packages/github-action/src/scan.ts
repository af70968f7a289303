/** The scan itself: the session of the command line, on commits that were made sure to be there. */
import { isAbsolute, relative, sep } from 'node:path';
import { operatorFiles, type Config, type FlagValue, type Report } from '@unleak/core';
import type { Io } from 'unleak/io';
import { runScan } from 'unleak/session';
import type { Event } from './event.ts';
import type { Inputs } from './inputs.ts';
import type { Acquired } from './objects/acquire.ts';
import type { Git } from './objects/git.ts';
import { changedConfiguration, ignoreFiles, ownSuppressions, withOwnEntries } from './own-suppressions.ts';
import { commitFiles, namedFiles } from './trusted-files.ts';
import type { Notice, Plan } from './types.ts';

export interface Scanned {
  readonly report: Report;
  readonly config: Awaited<ReturnType<typeof runScan>>['config'];
  readonly notices: readonly Notice[];
}

export interface ScanOptions {
  readonly plan: Plan;
  readonly inputs: Inputs;
  readonly acquired: Acquired;
  /** The repository that stands in for the checkout. */
  readonly repository: string;
  readonly git: Git;
  readonly event: Event;
  /** Gets what was found in clear, before anything is said of it. */
  readonly onSecrets: (secrets: readonly string[]) => void;
}

/** Throws as `runScan` does. */
export async function scan(options: ScanOptions, io: Io): Promise<Scanned> {
  const { inputs, acquired, repository, git } = options;
  const isPull = options.event.pullRequest !== undefined;
  const notices: Notice[] = [];
  const tell = (notice: Notice): void => void notices.push(notice);
  const trusted = commitFiles(git, acquired.configCommit);
  const left = commitFiles(git, acquired.leftAt);
  const head = commitFiles(git, acquired.head);
  // A workflow that the pull request may have changed: it may also name files that are new in it.
  const isOwnWorkflow = options.event.name !== 'pull_request_target';
  const fresh = (path: string): void =>
    tell({
      level: 'warning',
      text: `${path} is new in this pull request, and counts as it is there: look at it before you merge`,
    });

  const { report, config } = await runScan(
    {
      targets: ['.'],
      mode: acquired.mode,
      logLevel: io.env['RUNNER_DEBUG'] === '1' ? 'debug' : 'warn',
      config: inputs.config,
      settings: settingsOf(inputs, isPull),
      standIn: {
        path: repository,
        targetFiles: trusted,
        operatorFiles: isPull ? namedFiles(inputs.path, trusted, isOwnWorkflow ? fresh : undefined) : operatorFiles(),
      },
      adapt: (prepared, { ignoreFile }) =>
        isPull && inputs.suppressions === 'all'
          ? withOwnEntries(prepared, ignoreFiles(ignoreFile, inRepository(ignoreFile, inputs.path)), left, head, tell)
          : prepared,
      onSecrets: options.onSecrets,
    },
    io,
  );
  if (isPull) notices.push(...changedConfiguration(left, head));
  if (isPull) notices.push(...ownSuppressions(report, options.plan.scan === 'changes'));
  return { report, config, notices };
}

/** Path from the top of the repository; undefined for a file that lies elsewhere. */
function inRepository(file: Config['ignoreFile'], checkout: string): string | undefined {
  if (file === undefined || file.inTarget) return file?.path;
  const inside = relative(checkout, file.path);
  const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return isOutside ? undefined : inside.split(sep).join('/');
}

/** By the names of the command line's flags. */
function settingsOf(inputs: Inputs, isPull: boolean): Record<string, FlagValue> {
  return {
    'fail-on': inputs.failOn,
    baseline: inputs.baseline,
    workers: inputs.workers,
    rules: inputs.rules === undefined ? undefined : [inputs.rules],
    inline: isPull && inputs.suppressions === 'base-only' ? false : undefined,
  };
}

/** `unleak hook pre-commit` and `unleak hook pre-push`: what git's hooks call. Where nothing was found they say nothing. */
import {
  DEFAULT_EXIT_OPTIONS,
  exitCode,
  fails,
  neutralise,
  type Config,
  type Report,
  type TargetMode,
} from '@unleak/core';
import type { FixPlan } from '@unleak/pre-commit';
import type { Values } from '../flags/flag.ts';
import { PRE_COMMIT_FLAGS, PRE_PUSH_FLAGS } from '../flags/hook.ts';
import { settingsOf } from '../flags/settings.ts';
import type { Fix } from '../hook/fix.ts';
import { hookRepository } from '../hook/repository.ts';
import type { Io } from '../io.ts';
import { runScan, type ScanOutcome } from '../session.ts';
import { wantsColour } from '../terminal/colour.ts';
import { UsageError } from '../usage-error.ts';

type PreCommitValues = Values<typeof PRE_COMMIT_FLAGS>;
type PrePushValues = Values<typeof PRE_PUSH_FLAGS>;
export type HookValues = PreCommitValues & PrePushValues;

type Action = 'commit' | 'push';

const FLAGS = [...PRE_COMMIT_FLAGS, ...PRE_PUSH_FLAGS];

/** File names that hook managers add are of no use: what counts is the index. */
export async function preCommitCommand(values: PreCommitValues, _files: readonly string[], io: Io): Promise<number> {
  if (values.yes === true && values.fix !== true) throw new UsageError('--yes is for --fix, which is not there');
  if (await isSkipped(io, 'commit')) return 0;
  return await scanFor('commit', { kind: 'staged', ofCommit: true }, values, io);
}

export async function prePushCommand(values: PrePushValues, named: readonly string[], io: Io): Promise<number> {
  if (await isSkipped(io, 'push')) return 0;
  const { readPush } = await import('../hook/read-push.ts');
  const pushed = await readPush(named, io);
  return pushed === undefined ? 0 : await scanFor('push', { kind: 'range', pushed }, values, io);
}

async function scanFor(action: Action, mode: TargetMode, values: HookValues, io: Io): Promise<number> {
  const repository = await hookRepository(io);
  const outcome = await runScan(
    {
      targets: ['.'],
      repository,
      mode,
      quiet: values.quiet === true,
      tells: values['log-level'] !== undefined,
      logLevel: values['log-level'] ?? 'warn',
      config: values.config,
      trustTargetConfig: values['trust-target-config'],
      settings: settingsOf(FLAGS, values),
      budget: ({ hook }) => budgetOf(action, hook),
    },
    io,
  );
  const { report, config, outOfTime } = outcome;
  const policy = { failOn: config.failOn, minSeverity: config.severity };
  // Not the configured exit code, which is for scans: git goes on after 0.
  const code = exitCode(report, { ...DEFAULT_EXIT_OPTIONS, ...policy, strict: config.strict });
  if (code === 0) await tellTooLarge(report, io);
  if (code === 0 || report.summary.interrupted) return code;
  const findings = report.findings.filter((finding) => fails(finding, policy));
  const fix = action === 'commit' ? await fixFor({ ...outcome, findings }, repository.worktree, values, io) : undefined;
  await tell(action, { ...outcome, findings }, fix?.plan, values, io);
  if (findings.length > 0) {
    if (values.fix === true) {
      if (repository.worktree === undefined) throw new UsageError('--fix needs a work tree, and there is none here');
      const { findFix, offerFix } = await import('../hook/fix.ts');
      const made = fix ?? (await findFix(findings, repository.worktree, outcome.prepared.settings, io));
      await offerFix(made, values.yes === true, io);
    }
    return code;
  }
  if (!outOfTime || config.hook.onTimeout !== 'pass' || failures(report).length + leftOut(outcome).length > 0)
    return code;
  await tellTooLarge(report, io);
  return 0;
}

/**
 * What `--fix` would do: also of use to whoever has not asked for it, so that what is advised is what it does. Undefined
 * without a work tree, and where it cannot be told: what was found is said all the same, and before that.
 */
async function fixFor(
  { findings, prepared }: Pick<ScanOutcome, 'prepared'> & Pick<Report, 'findings'>,
  root: string | undefined,
  { fix }: HookValues,
  io: Io,
): Promise<Fix | undefined> {
  if (root === undefined || findings.length === 0) return undefined;
  const { SHOWN_FINDINGS } = await import('@unleak/pre-commit');
  const { findFix } = await import('../hook/fix.ts');
  try {
    const wanted = fix === true ? findings : findings.slice(0, SHOWN_FINDINGS);
    return await findFix(wanted, root, prepared.settings, io);
  } catch {
    return undefined;
  }
}

/** Other things that are left out hold no text; whoever commits this may think that it was looked at. */
async function tellTooLarge({ notScanned }: Report, io: Io): Promise<void> {
  for (const { where, reason } of notScanned)
    if (reason === 'too-large')
      await io.stderr.write(`unleak: ${neutralise(where)} is too large, and was not scanned (limits.maxFileSize)\n`);
}

function budgetOf(action: Action, hook: Config['hook']): number {
  return action === 'commit' ? hook.budget : hook.pushBudget;
}

/** What was not scanned for another reason than time. */
function failures({ notScanned }: Report): Report['notScanned'] {
  return notScanned.filter(({ state, reason }) => state === 'failed' && reason !== 'interrupted');
}

/** What policy left out, where that counts as not scanned. */
function leftOut({ report, config }: ScanOutcome): Report['notScanned'] {
  return config.strict ? report.notScanned.filter(({ state }) => state === 'excluded') : [];
}

async function tell(
  action: Action,
  outcome: ScanOutcome & Pick<Report, 'findings'>,
  plan: FixPlan | undefined,
  values: HookValues,
  io: Io,
): Promise<void> {
  const { report, config, outOfTime, findings } = outcome;
  const { failedMessage, outOfTimeMessage, ownCommand, stopMessage, strictMessage } =
    await import('@unleak/pre-commit');
  const command = ownCommand(io).typed;
  const width = io.stderr.columns;
  const colour = wantsColour(io, io.stderr, values['no-color'] === true);
  const isStopped = findings.length > 0;
  const unfinished = { action, notScanned: report.notScanned, width, isStopped };
  const hasFailed = failures(report).length > 0;
  const excluded = leftOut(outcome);
  if (isStopped)
    await io.stderr.write(
      stopMessage({
        ...{ action, findings, colour, width, command, skip: skipName(action, io) },
        fix: values.fix !== true && plan !== undefined && plan.files.length > 0 ? 'offered' : 'not offered',
        ...(plan === undefined ? {} : { variables: plan.names }),
      }),
    );
  if (hasFailed) await io.stderr.write(failedMessage(unfinished));
  if (outOfTime)
    await io.stderr.write(
      outOfTimeMessage({
        ...{ ...unfinished, command, isStopped: isStopped || hasFailed || excluded.length > 0 },
        ...{ budget: budgetOf(action, config.hook), onTimeout: config.hook.onTimeout },
      }),
    );
  if (!isStopped && !hasFailed && excluded.length > 0)
    await io.stderr.write(strictMessage({ ...unfinished, notScanned: excluded }));
}

/** The pre-commit framework compares with the ids of `.pre-commit-hooks.yaml`. */
function skipName(action: Action, { env }: Io): string {
  return action === 'push' && env['PRE_COMMIT'] !== undefined ? 'unleak-push' : 'unleak';
}

/** `SKIP` is a list of hooks to leave out once, as the pre-commit framework has it. */
async function isSkipped(io: Io, action: Action): Promise<boolean> {
  const skipped = (io.env['SKIP'] ?? '').split(',').map((name) => name.trim());
  if (!skipped.includes('unleak')) return false;
  await io.stderr.write(`unleak: SKIP=unleak: this ${action} is not scanned\n`);
  return true;
}

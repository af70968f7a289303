/** `unleak hook pre-commit` and `unleak hook pre-push`: what git's hooks call. A clean one says nothing. */
import { DEFAULT_EXIT_OPTIONS, exitCode, type Report, type TargetMode } from '@unleak/core';
import type { Values } from '../flags/flag.ts';
import { HOOK_FLAGS } from '../flags/hook.ts';
import { settingsOf } from '../flags/settings.ts';
import type { Io } from '../io.ts';
import { runScan } from '../session.ts';
import { UsageError } from '../usage-error.ts';

export type HookValues = Values<typeof HOOK_FLAGS>;

/** File names that hook managers add are of no use: what counts is the index. */
export async function preCommitCommand(values: HookValues, _files: readonly string[], io: Io): Promise<number> {
  if (await isSkipped(io, 'commit')) return 0;
  return await scanFor('commit', { kind: 'staged' }, values, io);
}

export async function prePushCommand(values: HookValues, [remote]: readonly string[], io: Io): Promise<number> {
  if (await isSkipped(io, 'push')) return 0;
  const { parsePushedRefs, pushOfFramework, PushedRefsError } = await import('@unleak/pre-commit');
  try {
    const framework = pushOfFramework(io.env);
    const { refs } = framework ?? parsePushedRefs(await io.readStdin());
    if (refs.length === 0) return 0;
    const has = refs.flatMap(({ remoteOid }) => (remoteOid === undefined ? [] : [`^${remoteOid}`]));
    const name = framework?.remote ?? remote;
    const options = name === undefined ? [] : ['--not', `--remotes=${name}`, '--not'];
    const commits = { options, revisions: [...refs.map(({ localOid }) => localOid), ...has], paths: [] };
    return await scanFor('push', { kind: 'range', commits }, values, io);
  } catch (error) {
    if (error instanceof PushedRefsError) throw new UsageError(error.message);
    throw error;
  }
}

async function scanFor(action: 'commit' | 'push', mode: TargetMode, values: HookValues, io: Io): Promise<number> {
  const { report, config } = await runScan(
    {
      targets: ['.'],
      mode,
      refs: [],
      plain: false,
      followSymlinks: false,
      allowMissing: false,
      verifyObjects: false,
      reveal: false,
      progress: false,
      quiet: values.quiet === true || values['log-level'] === undefined,
      logLevel: values['log-level'] ?? 'warn',
      config: values.config,
      trustTargetConfig: values['trust-target-config'],
      settings: settingsOf(HOOK_FLAGS, values),
    },
    io,
  );
  const code = exitCode(report, {
    ...DEFAULT_EXIT_OPTIONS,
    failOn: config.failOn,
    minSeverity: config.severity,
    strict: config.strict,
  });
  if (code === 1) await tellStop(action, report, io);
  return code;
}

async function tellStop(action: 'commit' | 'push', report: Report, io: Io): Promise<void> {
  const { stopMessage } = await import('@unleak/pre-commit');
  await io.stderr.write(stopMessage({ action, findings: report.findings }));
}

/** `SKIP` is a list of hooks to leave out once, as the pre-commit framework has it. */
async function isSkipped(io: Io, action: 'commit' | 'push'): Promise<boolean> {
  const skipped = (io.env['SKIP'] ?? '').split(',').map((name) => name.trim());
  if (!skipped.includes('unleak')) return false;
  await io.stderr.write(`unleak: SKIP=unleak: this ${action} is not scanned\n`);
  return true;
}

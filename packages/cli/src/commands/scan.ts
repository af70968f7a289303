import {
  nearest,
  createReporter,
  DEFAULT_EXIT_OPTIONS,
  exitCode,
  findFormat,
  formatForPath,
  REPORT_FORMATS,
  type ReportFormat,
  type TargetMode,
} from '@unleak/core';
import type { Values } from '../flags/flag.ts';
import { SCAN_FLAGS, type SOURCE_FLAGS } from '../flags/scan.ts';
import { settingsOf } from '../flags/settings.ts';
import type { Io } from '../io.ts';
import { runScan, type ScanRequest } from '../session.ts';
import { wantsColour } from '../terminal/colour.ts';
import { writeReport } from '../terminal/write-report.ts';
import { UsageError } from '../usage-error.ts';

export type ScanValues = Values<typeof SCAN_FLAGS>;
export type SourceValues = Values<typeof SOURCE_FLAGS>;

export async function scanCommand(values: ScanValues, positionals: readonly string[], io: Io): Promise<number> {
  // Before the scan: a run of an hour must not end with a misspelt format.
  const format = chosenFormat(values.format, values.output);
  const further = (values.also ?? []).map(furtherReport);
  const request = { ...scanRequest(values, positionals), reveal: values['show-secrets'] === true };
  const { report, config } = await runScan(request, io);
  const output = values.output === '-' ? undefined : config.output;
  const chosen = format ?? formatOf(output);
  const policy = { failOn: config.failOn, minSeverity: config.severity };
  for (const { id, file } of [{ id: chosen.id, file: output }, ...further]) {
    const reporter = await createReporter(id, {
      terminal: {
        colour: file === undefined && wantsColour(io, io.stdout, values['no-color'] === true),
        width: Math.max(40, Math.min(io.stdout.columns, 120)),
        showLow: config.confidence === 'low',
      },
      policy,
    });
    await writeReport(reporter.render(report), file, io, id !== 'terminal');
  }
  return exitCode(report, { ...DEFAULT_EXIT_OPTIONS, ...policy, strict: config.strict, exitCode: config.exitCode });
}

/** What is scanned, from flags. @throws UsageError */
export function scanRequest(values: SourceValues, positionals: readonly string[]): ScanRequest {
  const targets = positionals.length === 0 ? ['.'] : positionals;
  if (targets.filter((target) => target === '-').length > 1)
    throw new UsageError('- is there twice: standard input can be read once');
  const mode = modeOf(values);
  if (mode.kind !== 'all' && targets.includes('-'))
    throw new UsageError('--staged, --since, --range and --branch need a repository, not standard input');
  if (mode.kind !== 'all' && values['no-git'] === true)
    throw new UsageError('--staged, --since, --range and --branch need git: leave out --no-git');
  if (values.ref !== undefined && mode.kind !== 'all')
    throw new UsageError('--ref is for the whole history: use --branch with --since');
  if (values.ref !== undefined && values.history === 'no')
    throw new UsageError('--ref has no meaning with --history no');
  if (values['no-git'] === true && values.history === 'only')
    throw new UsageError('--history only has no meaning with --no-git');
  return {
    targets,
    mode,
    refs: values.ref ?? [],
    plain: values['no-git'] === true,
    followSymlinks: values['follow-symlinks'] === true,
    allowMissing: values['allow-missing'] === true,
    verifyObjects: values['verify-objects'] === true,
    incremental: values['no-incremental'] !== true,
    progress: values['no-progress'] !== true,
    quiet: values.quiet === true,
    logLevel: values['log-level'] ?? 'warn',
    config: values.config,
    trustTargetConfig: values['trust-target-config'],
    settings: settingsOf(SCAN_FLAGS, values),
  };
}

function modeOf(values: SourceValues): TargetMode {
  const { staged, since, range, branch } = values;
  const given = [
    staged === true ? '--staged' : undefined,
    since === undefined ? undefined : '--since',
    range === undefined ? undefined : '--range',
  ].filter((flag) => flag !== undefined);
  if (range !== undefined && !range.includes('..'))
    throw new UsageError(`--range names two commits, as main..HEAD, not '${range}'; --since '${range}' is for one`);
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} exclude each other`);
  if (branch !== undefined && (staged === true || range !== undefined))
    throw new UsageError('--branch goes with --since, or alone');
  if (staged === true || since !== undefined || range !== undefined || branch !== undefined) {
    if (values.history !== undefined) throw new UsageError('--history is for whole targets: leave it out');
    if (staged === true) return { kind: 'staged' };
    return {
      kind: 'range',
      ...(since === undefined ? {} : { since }),
      ...(range === undefined ? {} : { range }),
      ...(branch === undefined ? {} : { branch }),
    };
  }
  return { kind: 'all', history: values.history ?? 'yes' };
}

/** `undefined` where the configuration's output decides. @throws UsageError */
function chosenFormat(name: string | undefined, output: string | undefined): ReportFormat | undefined {
  if (name === undefined) return output === undefined ? undefined : formatOf(output);
  return namedFormat(name);
}

/** A report beside the first one, always in a file. @throws UsageError */
function furtherReport(text: string): { readonly id: string; readonly file: string } {
  const at = text.indexOf('=');
  const file = text.slice(at + 1);
  if (at < 1 || file === '' || file === '-')
    throw new UsageError(`--also takes a format and a file, as sarif=leaks.sarif, not '${text}'`);
  return { id: namedFormat(text.slice(0, at)).id, file };
}

function namedFormat(name: string): ReportFormat {
  const format = findFormat(name);
  if (format !== undefined) return format;
  const near = nearest(
    name,
    REPORT_FORMATS.flatMap(({ id, aliases }) => [id, ...aliases]),
  );
  throw new UsageError(
    `there is no format '${name}'${near === undefined ? '' : `; did you mean '${near}'?`} (${REPORT_FORMATS.map(({ id }) => id).join(', ')})`,
  );
}

function formatOf(output: string | undefined): ReportFormat {
  const found = output === undefined || output === '-' ? undefined : formatForPath(output);
  const format = found ?? findFormat('terminal');
  if (format === undefined) throw new Error('the list of formats has no terminal');
  return format;
}

/**
 * `alias gitleaks=unleak`: the same engine and findings behind the flags, files, formats and exit codes of gitleaks 8.
 * Exit codes: 0 nothing found, `--exit-code` leaks, 1 any failure, 126 an unknown flag, 130 interrupted.
 */
import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import {
  createReporter,
  neutralise,
  readSuppressionFiles,
  saltTag,
  type Prepared,
  type Report,
  type TargetMode,
} from '@unleak/core';
import { ownCommand } from '@unleak/pre-commit';
import type { Command } from '../../flags/flag.ts';
import { commandHelp } from '../../flags/help.ts';
import { failureLines } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { readIfThere } from '../../read-if-there.ts';
import { runScan } from '../../session.ts';
import { writeReport } from '../../terminal/write-report.ts';
import { UsageError } from '../../usage-error.ts';
import { VERSION } from '../../version.ts';
import { readArguments, UnknownFlagError } from './arguments.ts';
import { GITLEAKS_COMMANDS, GITLEAKS_FLAGS, type GitleaksValues } from './flags.ts';
import { readLogOptions } from './log-opts.ts';
import { configuredRules, enabledRules, findConfig } from './rules.ts';
import { gitleaksVerb, type GitleaksVerb } from './verbs.ts';

const FAILED = 1;
const UNKNOWN_FLAG = 126;
const INTERRUPTED = 130;

type Table = keyof typeof GITLEAKS_FLAGS;

export async function gitleaks(args: readonly string[], io: Io): Promise<number> {
  try {
    const found = gitleaksVerb(args);
    if (found === undefined) throw new UsageError('no command is named');
    const table = tableOf(found.verb);
    const { values, positionals } = readArguments(GITLEAKS_FLAGS[table], [
      ...args.slice(0, found.at),
      ...args.slice(found.at + 1),
    ]);
    return await runVerb(table, values, positionals, io);
  } catch (error) {
    for (const line of failureLines(error)) await io.stderr.write(`unleak: ${neutralise(line)}\n`);
    return error instanceof UnknownFlagError ? UNKNOWN_FLAG : FAILED;
  }
}

function tableOf(verb: GitleaksVerb): Table {
  return verb === 'file' || verb === 'directory' || verb === 'files' ? 'dir' : verb;
}

async function runVerb(verb: Table, values: GitleaksValues, positionals: readonly string[], io: Io): Promise<number> {
  if (verb === 'version') {
    await io.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const command = GITLEAKS_COMMANDS.find(({ name }) => name === verb) as Command;
  if (values.help === true) {
    await io.stdout.write(commandHelp(command, Math.min(io.stdout.columns, 110), ownCommand(io).shared));
    return 0;
  }
  if (verb !== 'dir' && positionals.length > (verb === 'git' ? 1 : 0))
    throw new UsageError(`unleak ${verb} takes no further argument: '${positionals.at(-1) ?? ''}'`);
  const format = reportFormat(values);
  const percent = redaction(values);
  const scope = scopeOf(verb, values, positionals);
  const [target] = scope.targets;
  const config = await findConfig(values.config, target === '-' ? undefined : target, io);
  const { report, messages } = await runScan(
    {
      targets: scope.targets,
      mode: scope.mode,
      plain: scope.plain,
      followSymlinks: values['follow-symlinks'] === true,
      reveal: percent < 100,
      quiet: values['log-level'] === 'error' || values['log-level'] === 'fatal',
      logLevel: logLevel(values),
      settings: {
        gitignore: false,
        inline: values['ignore-gitleaks-allow'] === true ? false : undefined,
        baseline: values['baseline-path'],
        include: scope.paths.length === 0 ? undefined : scope.paths,
        'max-file-size':
          values['max-target-megabytes'] === undefined || values['max-target-megabytes'] === 0
            ? undefined
            : String(values['max-target-megabytes'] * 1_000_000),
        'max-decode-depth': Math.min(8, values['max-decode-depth'] ?? 5),
        'exit-code': undefined,
      },
      ...(values.timeout === undefined || values.timeout === 0 ? {} : { timeoutSeconds: values.timeout }),
      async adapt(prepared) {
        const ignored = await withIgnoreFile(prepared, values['gitleaks-ignore-path'] ?? '.', target, io);
        const configured = config === undefined ? undefined : configuredRules(config, ignored.settings.ruleset, io);
        const ruleset = configured?.ruleset ?? ignored.settings.ruleset;
        const enabled = values['enable-rule'];
        return {
          ...ignored,
          settings: { ...ignored.settings, ruleset: enabled === undefined ? ruleset : enabledRules(ruleset, enabled) },
          warnings: [...ignored.warnings, ...(configured?.warnings ?? []), ...withoutEffect(values)],
        };
      },
    },
    io,
  );
  // What gitleaks users call a leak; the rest is in unleak scan. Rules that were asked for by name count as they are.
  const shown = config === undefined && values['enable-rule'] === undefined ? withoutLow(report) : report;
  const options = { gitleaks: { redact: percent } };
  if (
    percent >= 100 &&
    (values.verbose === true || values['report-path'] !== undefined) &&
    shown.findings.length > 0 &&
    values.redact === undefined
  )
    messages.tell('secrets are redacted, unlike with gitleaks: --redact=0 shows them');
  if (values.verbose === true)
    await writeReport((await createReporter('gitleaks-verbose', options)).render(shown), undefined, io);
  if (values['report-path'] !== undefined)
    await writeReport((await createReporter(format, options)).render(shown), values['report-path'], io, true);
  return await exitCodeOf(shown, values, (text) => messages.tell(text), io);
}

async function exitCodeOf(
  report: Report,
  values: GitleaksValues,
  tell: (text: string) => void,
  io: Io,
): Promise<number> {
  const { summary, findings } = report;
  for (const event of report.notScanned) {
    if (event.state === 'failed')
      await io.stderr.write(
        `unleak: ${neutralise(`${event.where}: ${event.reason}${event.detail === undefined ? '' : `: ${event.detail}`}`)}\n`,
      );
  }
  tell(findings.length === 0 ? 'no leaks found' : `leaks found: ${findings.length}`);
  if (summary.interrupted) return values.timeout === undefined ? INTERRUPTED : FAILED;
  if (!summary.complete) return FAILED;
  return findings.length === 0 ? 0 : (values['exit-code'] ?? 1);
}

interface Scope {
  readonly targets: readonly string[];
  readonly mode: TargetMode;
  readonly plain: boolean;
  readonly paths: readonly string[];
}

/** What a verb scans. @throws UsageError */
function scopeOf(verb: Table, values: GitleaksValues, positionals: readonly string[]): Scope {
  const history: Scope = {
    targets: [positionals[0] ?? values.source ?? '.'],
    mode: { kind: 'all', history: 'only' },
    plain: false,
    paths: [],
  };
  const files: Scope = {
    ...history,
    targets: positionals.length === 0 ? [values.source ?? '.'] : positionals,
    mode: { kind: 'all', history: 'yes' },
    plain: true,
  };
  if (verb === 'stdin' || values.pipe === true) return { ...files, targets: ['-'] };
  if (verb === 'dir' || values['no-git'] === true) return files;
  if (values.staged === true) return { ...history, mode: { kind: 'staged' } };
  if (verb === 'protect' || values['pre-commit'] === true) return { ...history, mode: { kind: 'uncommitted' } };
  if (values['log-opts'] === undefined || values['log-opts'].trim() === '') return history;
  const { options, revisions, paths } = readLogOptions(values['log-opts']);
  return {
    ...history,
    mode: { kind: 'range', commits: { options, revisions, paths } },
    paths: paths.flatMap((path) => [path, `${path.replace(/\/+$/, '')}/**`]),
  };
}

function reportFormat(values: GitleaksValues): string {
  const format = values['report-format'] ?? formatOfExtension(values['report-path'] ?? '');
  if (format === 'template' || values['report-template'] !== undefined)
    throw new UsageError(
      'Go templates are not offered: use --report-format json, csv, junit or sarif, and make what you need from it',
    );
  return `gitleaks-${format}`;
}

function formatOfExtension(path: string): string {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === 'csv' || extension === 'sarif') return extension;
  return extension === 'xml' ? 'junit' : 'json';
}

/** Percent of a secret that is hidden. */
function redaction(values: GitleaksValues): number {
  if (values.redact === undefined) return 100;
  if (!/^\d{1,3}$/.test(values.redact) || Number(values.redact) > 100)
    throw new UsageError(`--redact takes a percentage from 0 to 100, not '${values.redact}'`);
  return Number(values.redact);
}

function logLevel(values: GitleaksValues): 'debug' | 'info' | 'warn' {
  const level = values['log-level'] ?? 'info';
  if (level === 'trace' || level === 'debug') return 'debug';
  return level === 'info' ? 'info' : 'warn';
}

function withoutEffect(values: GitleaksValues): readonly string[] {
  return [
    ...(values['max-archive-depth'] === undefined || values['max-archive-depth'] === 0
      ? []
      : ['--max-archive-depth has no effect: archives are not opened']),
    ...(values.diagnostics === undefined && values['diagnostics-dir'] === undefined
      ? []
      : ['--diagnostics has no effect: use a profiler of Node']),
    ...(values.platform === undefined ? [] : ['--platform has no effect: reports hold no links']),
  ];
}

/** The ignore file that the flag names, beside the target's own, which is read anyway. */
async function withIgnoreFile(prepared: Prepared, path: string, target: string | undefined, io: Io): Promise<Prepared> {
  const full = resolve(io.cwd, path);
  const isFolder = (await stat(full).catch(() => undefined))?.isDirectory() === true;
  const file = isFolder ? join(full, '.gitleaksignore') : full;
  if (target !== undefined && target !== '-' && file === join(resolve(io.cwd, target), '.gitleaksignore'))
    return prepared;
  const text = await readIfThere(file);
  if (text === undefined) return prepared;
  const name = relative(io.cwd, file).replaceAll('\\', '/');
  const { places } = readSuppressionFiles([{ kind: 'gitleaks-ignore', name, text }], saltTag(prepared.settings.salt));
  return { ...prepared, places: [...prepared.places, ...places] };
}

function withoutLow(report: Report): Report {
  const findings = report.findings.filter((finding) => finding.confidence !== 'low');
  return { ...report, findings, summary: { ...report.summary, findings: findings.length, lowConfidence: 0 } };
}

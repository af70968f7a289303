import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { isUrl, parseBaseline, saltTag, tagOfId, writeBaseline } from '@unleak/core';
import { ownCommand } from '@unleak/pre-commit';
import { BASELINE } from '../flags/commands.ts';
import type { Values } from '../flags/flag.ts';
import type { Io } from '../io.ts';
import { readJsonReport, type ReportedFinding } from '../read-json-report.ts';
import { runScan } from '../session.ts';
import { giveProjectSalt } from '../project-salt.ts';
import { readIfThere } from '../read-if-there.ts';
import { messagesFor, resolvedFor } from '../settings-session.ts';
import { writeWhole } from '../terminal/write-report.ts';
import { UsageError } from '../usage-error.ts';
import { scanRequest } from './scan.ts';

const DEFAULT_FILE = '.unleak-baseline';

interface Known {
  readonly findings: readonly ReportedFinding[];
  readonly salt: string;
  readonly configured: string | undefined;
  /** Whether everything that was to be scanned was. */
  readonly complete: boolean;
  /** Whether that was everything that an entry of the baseline at `path` could be about. */
  isAll(path: string): boolean;
  readonly interrupted: boolean;
}

export async function baselineCommand(
  values: Values<typeof BASELINE.flags>,
  targets: readonly string[],
  io: Io,
): Promise<number> {
  if (values.from !== undefined && targets.length > 0)
    throw new UsageError('--from takes the place of a scan: name no target');
  const known =
    values.from === undefined ? await scanned(values, targets, io) : await reported(values, values.from, io);
  const messages = messagesFor(values, io);
  if (known.interrupted) {
    messages.log('error', 'interrupted: the baseline was left as it is');
    return 130;
  }
  const name = values.output ?? known.configured ?? DEFAULT_FILE;
  const path = resolve(io.cwd, name);
  const tag = saltTag(known.salt);
  const previous = await readIfThere(path);
  if (previous !== undefined) parseBaseline(name, previous, tag);
  // An incomplete scan does not know what has gone, nor does one of a part.
  const isAll = known.complete && known.isAll(path);
  const prune = values.keep !== true && isAll;
  const accepted = known.findings.filter(
    (finding) => finding.suppressedBy === undefined || finding.suppressedBy === 'baseline',
  );
  const text = writeBaseline(accepted, { tag, prune, ...(previous === undefined ? {} : { previous }) });
  await writeWhole(path, [text]);
  const count = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  messages.tell(`${name}: ${count} ${count === 1 ? 'credential is' : 'credentials are'} accepted`);
  if (known.configured === undefined)
    messages.tell(
      `${ownCommand(io).typed} scan reads it with --baseline ${name}, or with baseline: ${name} in unleak.yaml`,
    );
  if (!known.complete) {
    messages.log('warn', 'not everything was scanned: old entries were kept');
    return 2;
  }
  if (previous !== undefined && values.keep !== true && !isAll)
    messages.tell(
      `old entries were kept, since this was about a part only: what is gone is dropped by ${ownCommand(io).typed} baseline without a choice of targets, paths, rules or commits`,
    );
  return 0;
}

/** Choices of this one scan, with which it leaves out what others find. */
const CHOICES = ['no-git', 'include', 'exclude', 'rules', 'only-rule', 'disable-rule'] as const;

/** A baseline is about the folder that it lies in, or about all that was named if it lies in none of that. */
function coversFolder(path: string, targets: readonly string[], io: Io): boolean {
  const folder = dirname(path);
  return targets.every((target) => {
    const way = relative(folder, resolve(io.cwd, target));
    return isUrl(target) || way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  });
}

async function scanned(values: Values<typeof BASELINE.flags>, targets: readonly string[], io: Io): Promise<Known> {
  const { output: _, ...source } = values;
  const [target = '.', ...more] = targets;
  if (more.length === 0 && target !== '-' && !isUrl(target)) {
    const { config } = await resolvedFor(BASELINE.flags, source, target, io, 'baseline');
    const file = await giveProjectSalt(target, config, io);
    if (file !== undefined)
      messagesFor(values, io).tell(
        `${file}: the project has a salt of its own now, which its ids are made with: commit the file`,
      );
  }
  const { report, config, whole } = await runScan({ ...scanRequest(source, targets), creates: 'baseline' }, io);
  const asReported = (finding: (typeof report.findings)[number], suppressedBy?: string): ReportedFinding => ({
    ...finding,
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
  });
  return {
    findings: [
      ...report.findings.map((finding) => asReported(finding)),
      ...report.suppressed.map((finding) => asReported(finding, finding.suppressed.by)),
    ],
    salt: config.project.salt,
    configured: config.baseline?.path,
    complete: report.summary.complete,
    isAll: (path) => whole && CHOICES.every((name) => source[name] === undefined) && coversFolder(path, targets, io),
    interrupted: report.summary.interrupted,
  };
}

async function reported(values: Values<typeof BASELINE.flags>, from: string, io: Io): Promise<Known> {
  const { config } = await resolvedFor(BASELINE.flags, values, '.', io, 'baseline');
  const { findings, complete } = await readJsonReport(from, io);
  const tag = saltTag(config.project.salt);
  const foreign = findings.find((finding) => tagOfId(finding.id) !== tag);
  if (foreign !== undefined)
    throw new UsageError(`${from}: was made with another salt (${tagOfId(foreign.id) ?? ''}; this project has ${tag})`);
  return {
    findings,
    salt: config.project.salt,
    configured: config.baseline?.path,
    complete,
    // A report does not say what was asked for.
    isAll: () => false,
    interrupted: false,
  };
}

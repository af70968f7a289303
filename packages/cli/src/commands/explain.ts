import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import {
  createScanner,
  createStdinSource,
  detect,
  neutralise,
  openTarget,
  operatorFiles,
  prepare,
  resolveConfig,
  run,
  type Finding,
  type Prepared,
  type Report,
  type Span,
  type TraceEvent,
} from '@unleak/core';
import { ownCommand } from '@unleak/pre-commit';
import { configTarget } from '../config-target.ts';
import type { EXPLAIN } from '../flags/commands.ts';
import type { Values } from '../flags/flag.ts';
import type { Io } from '../io.ts';
import { ambientOf, configAmbient } from '../session.ts';
import { messagesFor } from '../settings-session.ts';
import { systemReason } from '../system-reason.ts';
import { writeReport } from '../terminal/write-report.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';

interface Place {
  /** As paths are judged: relative to the top of the repository, else to the working directory. */
  readonly path: string;
  readonly line: number;
  readonly bytes: Uint8Array;
  /** A file, or a directory, of the target whose configuration counts. */
  readonly target: string;
}

/** 0 when something is found at the place, 1 when nothing is. */
export async function explainCommand(
  values: Values<typeof EXPLAIN.flags>,
  [text = '']: readonly string[],
  io: Io,
): Promise<number> {
  const place = await readPlace(text, io);
  const lines = lineSpan(place.bytes, place.line);
  if (lines === undefined) throw new UsageError(`${text}: the file has no line ${place.line}`);
  const prepared = await prepareFor(values, place.target, io);
  const wanted = values.rule === undefined ? undefined : new Set(values.rule);
  for (const id of wanted ?? []) {
    if (!prepared.settings.ruleset.rules.some((rule) => rule.id === id))
      throw new UsageError(`no rule that runs is called '${id}' (${ownCommand(io).typed} rules list names them)`);
  }
  const events: TraceEvent[] = [];
  createScanner(prepared.settings.ruleset, { maxDecodeDepth: prepared.settings.maxDecodeDepth }).scan(
    place.bytes,
    (event) => {
      if (touches(event.at, lines) && wanted?.has(event.rule) !== false) events.push(event);
    },
  );
  const report = await judged(place, prepared, io);
  const found = report.findings.filter((finding) => isOn(finding, place.line) && concerns(finding, wanted));
  const suppressed = report.suppressed.filter((finding) => isOn(finding, place.line) && concerns(finding, wanted));
  const out = [
    `${place.path}:${place.line}`,
    ...found.flatMap((finding) => findingText(finding, 'found')),
    ...suppressed.flatMap((finding) => [
      ...findingText(finding, 'suppressed'),
      `            by ${finding.suppressed.by}: ${finding.suppressed.source}${finding.suppressed.reason === undefined ? '' : ` (${finding.suppressed.reason})`}`,
    ]),
    ...gateLines(
      events,
      new Set([...found, ...suppressed].flatMap((finding) => [finding.ruleId])),
      lines.start,
      values.all === true,
    ),
  ];
  if (out.length === 1)
    out.push(
      events.length === 0
        ? 'nothing: no keyword of a rule is on the line'
        : 'nothing: every rule whose keyword is on the line was stopped by the bytes after it (--all lists them)',
    );
  await writeReport(
    out.map((line) => `${neutralise(line)}\n`),
    undefined,
    io,
  );
  return found.length > 0 ? 0 : 1;
}

function findingText(finding: Finding, what: string): readonly string[] {
  const also = finding.alsoMatched.length === 0 ? '' : `, also ${finding.alsoMatched.join(', ')}`;
  const decoded = finding.sightings[0]?.decoded ?? [];
  return [
    `${what.padEnd(12)}${finding.ruleId}: ${finding.title}, ${finding.severity}, confidence ${finding.confidence}${also}`,
    `            ${finding.secret} (${finding.secretLength} bytes)${decoded.length === 0 ? '' : `, in ${decoded.join(' in ')}`}, id ${finding.id}`,
  ];
}

/** Passed and failed gates of each rule in the order in which they were tried. */
function gateLines(
  events: readonly TraceEvent[],
  reported: ReadonlySet<string>,
  lineStart: number,
  all: boolean,
): readonly string[] {
  const seen = new Set<string>();
  return events.flatMap((event) => {
    const { rule, at, gate, passed, detail } = event;
    // A keyword that is not followed by what the rule needs is no candidate yet.
    if (!all && !passed && (gate === 'next bytes' || gate === 'surroundings' || gate === 'pattern')) return [];
    if (passed && reported.has(rule)) return [];
    const column = Math.max(1, at.start - lineStart + 1);
    const text = `${(passed ? 'passed' : 'stopped').padEnd(12)}${rule}: ${gate}${detail === undefined ? '' : ` (${detail})`}, column ${column}`;
    if (seen.has(text)) return [];
    seen.add(text);
    return [text];
  });
}

/** Paths, allow-lists, comments and ignore files, as a scan judges them. */
async function judged(place: Place, prepared: Prepared, io: Io): Promise<Report> {
  const source = createStdinSource({ bytes: place.bytes, name: place.path });
  return await run({
    tool: { name: 'unleak', version: VERSION },
    targets: [{ name: place.path, prefix: '', whole: false, source }],
    settings: prepared.settings,
    entries: prepared.entries,
    places: [],
    include: [],
    exclude: [],
    minSeverity: 'low',
    workers: 1,
    workerUrl: new URL(import.meta.resolve('@unleak/core/worker')),
    signal: new AbortController().signal,
    now: io.now,
    log: () => undefined,
  });
}

async function prepareFor(values: Values<typeof EXPLAIN.flags>, target: string, io: Io): Promise<Prepared> {
  const operator = operatorFiles();
  const messages = messagesFor(values, io);
  const { config } = resolveConfig({
    flags: {},
    config: values.config,
    trustTargetConfig: values['trust-target-config'],
    ambient: configAmbient(io),
    operatorFiles: operator,
    target: await configTarget([target], true, messages),
  });
  // Nothing that is printed depends on the user's key.
  return await prepare(config, {
    cwd: io.cwd,
    operatorFiles: operator,
    fingerprintKey: () => new Uint8Array(32),
    reveal: false,
  });
}

/** @throws UsageError */
async function readPlace(text: string, io: Io): Promise<Place> {
  const [, rest = '', digits = ''] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  const line = Number(digits);
  if (rest === '' || line === 0) throw new UsageError(`'${text}' is no place: write FILE:LINE or COMMIT:FILE:LINE`);
  const file = resolve(io.cwd, rest);
  let reason: unknown;
  try {
    const bytes = await readFile(file);
    return { path: await pathFromTop(file, io), line, bytes, target: file };
  } catch (error) {
    reason = error;
  }
  const [, commit = '', path = ''] = /^(\w[\w./^~-]*):(.+)$/.exec(rest) ?? [];
  if (commit === '') throw new UsageError(`${rest}: cannot be read: ${systemReason(reason)}`);
  const here = await detect(io.cwd);
  const top = here.kind === 'repository' ? here.root : 'inside' in here ? here.inside : undefined;
  if (top === undefined)
    throw new UsageError(
      `${rest}: cannot be read, and ${io.cwd} is in no git repository that could have a commit '${commit}'`,
    );
  const options = {
    mode: { kind: 'all', history: 'only' },
    refs: [],
    plain: false,
    noIgnore: false,
    followSymlinks: false,
    allowMissing: true,
    verifyObjects: false,
    maxTextBytes: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
  } as const;
  const opened = await openTarget(top, top, options, ambientOf(io), () => undefined);
  try {
    const bytes = await opened.readPlace?.(commit, path.replaceAll('\\', '/'));
    if (bytes === undefined)
      throw new UsageError(`${text}: ${commit} has no file ${path} (paths start at the top of the repository)`);
    return { path, line, bytes, target: top };
  } finally {
    await opened.source.close();
  }
}

async function pathFromTop(file: string, io: Io): Promise<string> {
  const target = await detect(file);
  const base = ('inside' in target ? target.inside : undefined) ?? (await realpath(io.cwd));
  const path = relative(base, target.root);
  return (path.startsWith('..') ? relative(dirname(target.root), target.root) : path).replaceAll(sep, '/');
}

/** Half-open range of the bytes of a line, without its line feed; `undefined` if there is no such line. */
function lineSpan(bytes: Uint8Array, line: number): Span | undefined {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  if (start >= bytes.length && line > 1) return undefined;
  const end = bytes.indexOf(0x0a, start);
  return { start, end: end < 0 ? bytes.length : end };
}

function touches(at: Span, line: Span): boolean {
  return at.start <= line.end && at.end >= line.start;
}

function isOn(finding: Finding, line: number): boolean {
  return finding.sightings.some((sighting) => sighting.line <= line && line <= sighting.endLine);
}

function concerns(finding: Finding, rules: ReadonlySet<string> | undefined): boolean {
  return rules === undefined || [finding.ruleId, ...finding.alsoMatched].some((id) => rules.has(id));
}

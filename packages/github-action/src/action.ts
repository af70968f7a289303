/**
 * The order of things: what is asked for, what the event is about, getting its commits, the scan, hiding what was found, and
 * telling it.
 */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { borrowRepository, DEFAULT_EXIT_OPTIONS, exitCode, fails, GitError, type Report } from '@unleak/core';
import { failureLines } from 'unleak/failure';
import type { Io } from 'unleak/io';
import { ContextError, readContext } from './context.ts';
import { EventError, type Event } from './event.ts';
import { createGithub } from './github/client.ts';
import { useProxy } from './github/proxy.ts';
import { InputError, readInputs, type Inputs } from './inputs.ts';
import { maskCommands, MAX_MASKS } from './mask.ts';
import { acquire, MissingCommits } from './objects/acquire.ts';
import { createGit, GitFailure } from './objects/git.ts';
import { writeOutputs } from './outputs.ts';
import { planFor } from './plan/plan.ts';
import { runnerIo } from './runner-io.ts';
import { scan } from './scan.ts';
import { annotationCommand, plainLine } from './tell/command.ts';
import { plain } from './tell/markdown.ts';
import { createLines } from './tell/lines.ts';
import { createTellIo } from './tell/io.ts';
import { tell } from './tell/tell.ts';
import type { Context, Notice, Plan } from './types.ts';

const FAILED = 2;
const INTERRUPTED = 130;

/** Gives the exit code; everything was written when it resolves. @throws Error when it could not be written */
export async function runAction(io: Io): Promise<number> {
  const lines = createLines(io.stdout);
  const code = await act(io, lines.command);
  await lines.written();
  return code;
}

async function act(io: Io, command: (line: string) => void): Promise<number> {
  const { env } = io;
  let result: Result = { code: FAILED, findings: 0, sarif: undefined };
  try {
    const inputs = readInputs(env, env['GITHUB_WORKSPACE'] ?? io.cwd);
    const { context, event } = readContext(env, inputs);
    const { plan, notices } = planFor(event, context, inputs);
    const proxy = useProxy(env);
    const unproxied: readonly Notice[] = proxy === undefined ? [] : [{ level: 'warning', text: proxy }];
    const all = [...inputs.notices, ...unproxied, ...notices];
    if (plan.scan === 'nothing') {
      for (const { level, text } of [...all, { level: 'notice' as const, text: `nothing to scan: ${plan.why}` }])
        command(annotationCommand(level, text, 'unleak'));
      result = { code: 0, findings: 0, sarif: undefined };
    } else result = await scanAndTell({ inputs, context, event, plan, notices: all, command, io });
  } catch (error) {
    const lines = messages(error);
    for (const line of lines) command(annotationCommand('error', line, 'unleak'));
    await summarise(lines, env);
  }
  try {
    await writeOutputs(env['GITHUB_OUTPUT'], {
      findings: result.findings,
      'sarif-file': result.sarif ?? '',
      'exit-code': result.code,
    });
  } catch {
    // Later steps would take what they cannot read for nothing found.
    command(annotationCommand('error', 'the file that GITHUB_OUTPUT names cannot be written', 'unleak'));
    return result.code === INTERRUPTED ? INTERRUPTED : FAILED;
  }
  return result.code;
}

interface Result {
  readonly code: number;
  readonly findings: number;
  readonly sarif: string | undefined;
}

interface Run {
  readonly inputs: Inputs;
  readonly context: Context;
  readonly event: Event;
  readonly plan: Exclude<Plan, { scan: 'nothing' }>;
  readonly notices: readonly Notice[];
  readonly command: (line: string) => void;
  readonly io: Io;
}

async function scanAndTell({ inputs, context, event, plan, notices, command, io }: Run): Promise<Result> {
  const { env } = io;
  const inner = runnerIo(io, inputs.path);
  const log = (line: string): void => command(plainLine(`unleak: ${line}`));
  const debug = (line: string): void => (env['RUNNER_DEBUG'] === '1' ? log(line) : undefined);
  const github = createGithub({ apiUrl: context.apiUrl, token: context.token, log: debug });
  const abort = new AbortController();
  const release = io.onSignal(() => abort.abort());
  const borrowed = await borrowRepository(inputs.path, {
    env,
    tmpdir: io.tmpdir,
    uid: undefined,
    parallelism: io.parallelism,
  }).catch((error: unknown) => {
    release();
    throw error;
  });
  try {
    const { owner, name } = context.repository;
    const remote = { url: `${context.serverUrl}/${owner}/${name}`, serverUrl: context.serverUrl, token: context.token };
    const git = createGit(borrowed.path, remote, env, abort.signal);
    const acquired = await acquire(plan, { git, github, context, event, log });
    await git.read(['update-ref', '--no-deref', 'HEAD', acquired.head]);
    const hiding: Notice[] = [];
    const {
      report,
      config,
      notices: arisen,
    } = await scan(
      {
        plan,
        inputs,
        acquired,
        repository: borrowed.path,
        git,
        event,
        onSecrets(secrets) {
          const masks = maskCommands(secrets);
          for (const mask of masks.commands) command(mask);
          if (masks.left > 0) hiding.push(notHidden(masks.left));
        },
      },
      inner,
    );
    log(resultLine(report, acquired.count));
    const policy = { failOn: config.failOn, minSeverity: config.severity };
    const found = exitCode(report, { ...DEFAULT_EXIT_OPTIONS, ...policy, strict: config.strict });
    const code = found === 0 && acquired.incomplete !== undefined ? FAILED : found;
    const sarif = sarifPath(inputs, env, io);
    const incomplete: readonly Notice[] =
      acquired.incomplete === undefined ? [] : [{ level: 'error', text: acquired.incomplete }];
    await tell(
      {
        report,
        plan,
        failing: code !== 0,
        fails: (finding) => fails(finding, policy),
        head: acquired.head,
        notices: [...notices, ...acquired.notices, ...arisen, ...hiding, ...incomplete],
      },
      context,
      {
        annotations: inputs.annotations,
        summary: inputs.summary,
        sarif,
        // Whoever cancels a run does not want it to go on talking, least of all of a part of the answer.
        comment: inputs.comment && code !== INTERRUPTED,
        uploadSarif: inputs.uploadSarif && code !== INTERRUPTED,
        artifact: code === INTERRUPTED ? undefined : inputs.artifact,
        notify: inputs.notify,
        gitleaks: inputs.gitleaks,
      },
      context.token === undefined ? undefined : github,
      createTellIo({ command, summaryFile: env['GITHUB_STEP_SUMMARY'], workspace: inputs.path }),
    );
    return { code, findings: report.summary.findings, sarif };
  } catch (error) {
    // git that was stopped says that it failed.
    if (!abort.signal.aborted || !(error instanceof GitFailure || error instanceof MissingCommits)) throw error;
    log('interrupted before anything was scanned');
    return { code: INTERRUPTED, findings: 0, sarif: undefined };
  } finally {
    release();
    await borrowed.close();
  }
}

/** Whoever opens the run reads why there is no result. */
async function summarise(lines: readonly string[], env: Io['env']): Promise<void> {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  const text = ['## unleak could not scan', '', ...lines.map((line) => plain(line, 1000)), ''].join('\n');
  // Without a summary there are still the annotations.
  await appendFile(file, text).catch(() => undefined);
}

/** An artifact needs a file; where nobody asked for one, it lies in the runner's own folder. */
function sarifPath({ sarif, artifact, gitleaks }: Inputs, env: Io['env'], io: Io): string | undefined {
  if (sarif !== undefined || artifact === undefined) return sarif;
  return join(env['RUNNER_TEMP'] ?? io.tmpdir, gitleaks ? 'results.sarif' : 'unleak.sarif');
}

/** The last word in the log, for whoever looks there first. */
function resultLine({ summary }: Report, commits: number | undefined): string {
  if (commits === 0) return 'there are no new commits, so there was nothing to scan';
  const { findings, texts } = summary;
  const found = findings === 0 ? 'no credentials' : findings === 1 ? '1 credential' : `${findings} credentials`;
  return `${found} found in ${texts} ${texts === 1 ? 'text' : 'texts'}${summary.complete ? '' : ', and not everything could be scanned'}`;
}

function notHidden(left: number): Notice {
  return {
    level: 'warning',
    text: `the log hides ${MAX_MASKS} of the values that were found; ${left} more are not hidden in what later steps print`,
  };
}

/** One line each, for whoever looks at the run. */
function messages(error: unknown): readonly string[] {
  if (error instanceof GitError && error.code === 'not-a-repository')
    return [
      'there is no git repository in the workspace: put "uses: actions/checkout" before this step, and name its folder with the input "path" if it is not the top',
    ];
  if (error instanceof InputError || error instanceof ContextError || error instanceof EventError)
    return [error.message];
  if (error instanceof MissingCommits || error instanceof GitFailure) return [error.message];
  return failureLines(error);
}

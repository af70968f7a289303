/**
 * Stands in for a GitHub Actions runner: starts the built action with the environment that a runner gives, reads what it
 * writes as a runner does, and gives back what people see.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, devNull } from 'node:os';
import { join } from 'node:path';
import { INPUTS, type InputName } from '../../packages/github-action/src/input-table.ts';
import { runnerCommands } from './runner-commands.ts';
import { tempFolder } from './temp-folder.ts';

const built = join(import.meta.dirname, '../../packages/github-action/dist/main.cjs');

export interface Step {
  /** What action.yml starts; by default what was built. */
  readonly main?: string;
  /** GITHUB_WORKSPACE. */
  readonly workspace: string;
  readonly event: string;
  readonly payload: unknown;
  readonly sha: string;
  readonly ref: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly repository?: string;
  /** `github.token`: what the input `token` is by default. */
  readonly token?: string;
  readonly inputs?: Partial<Readonly<Record<InputName, string>>>;
  /** Of the step; undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Sent when this was seen on standard output. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly when: string };
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly text: string;
  readonly title: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface StepResult {
  readonly code: number;
  /** What the log shows: without commands, masked. */
  readonly log: string;
  /** Everything that was written, as it was written. */
  readonly raw: string;
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
  /** Any other command than an annotation or a mask, by name. */
  readonly otherCommands: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** RUNNER_TEMP. */
  readonly temp: string;
}

export async function runStep(step: Step): Promise<StepResult> {
  const temp = tempFolder();
  const home = tempFolder();
  const files = { event: join(temp, 'event.json'), output: join(temp, 'output'), summary: join(temp, 'summary.md') };
  writeFileSync(files.event, typeof step.payload === 'string' ? step.payload : JSON.stringify(step.payload));
  writeFileSync(files.output, '');
  writeFileSync(files.summary, '');
  const child = spawn(process.execPath, [step.main ?? built], {
    cwd: step.workspace,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      USERPROFILE: home,
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: '1',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: step.repository ?? 'acme/shop',
      GITHUB_API_URL: step.apiUrl,
      GITHUB_SERVER_URL: step.serverUrl,
      GITHUB_WORKSPACE: step.workspace,
      GITHUB_EVENT_NAME: step.event,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_SHA: step.sha,
      GITHUB_REF: step.ref,
      GITHUB_WORKFLOW: 'secrets',
      GITHUB_JOB: 'unleak',
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      RUNNER_TEMP: temp,
      ...inputVariables(step),
      ...step.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let raw = '';
  let killed = false;
  // One log: both streams in the order in which they come.
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      raw += text;
      if (killed || step.kill === undefined || !raw.includes(step.kill.when)) return;
      killed = true;
      child.kill(step.kill.signal);
    });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  const code = await promise;
  return {
    code,
    raw,
    ...interpret(raw),
    outputs: readOutputs(readFileSync(files.output, 'utf8')),
    summary: existsSync(files.summary) ? readFileSync(files.summary, 'utf8') : '',
    temp,
  };
}

function inputVariables({ inputs = {}, token = '' }: Step): Record<string, string> {
  return Object.fromEntries(
    INPUTS.map(({ name, default: otherwise }) => [
      `INPUT_${name.toUpperCase()}`,
      inputs[name] ?? otherwise.replace('${{ github.token }}', token),
    ]),
  );
}

type Interpreted = Pick<StepResult, 'log' | 'annotations' | 'masks' | 'otherCommands'>;

function interpret(raw: string): Interpreted {
  const masks: string[] = [];
  const log: string[] = [];
  const annotations: Annotation[] = [];
  const otherCommands: string[] = [];
  const masked = (text: string): string =>
    masks
      .toSorted((a, b) => b.length - a.length)
      .reduce((shown, value) => (value === '' ? shown : shown.replaceAll(value, '***')), text);
  for (const line of raw.split(/\r\n|\r|\n/)) {
    const [command] = runnerCommands(line);
    if (command === undefined) log.push(masked(line));
    else if (command.name === 'add-mask') {
      masks.push(command.data, ...command.data.split(/[\r\n]+/));
      log.push('::add-mask::***');
    } else if (isLevel(command.name)) {
      const { title, file, line: at } = command.properties;
      annotations.push({
        level: command.name,
        text: masked(command.data),
        title,
        file,
        line: at === undefined ? undefined : Number(at),
      });
      log.push(masked(command.data));
    } else otherCommands.push(command.name);
  }
  return { log: log.join('\n'), annotations, masks, otherCommands };
}

function isLevel(name: string): name is Annotation['level'] {
  return name === 'error' || name === 'warning' || name === 'notice';
}

/** `name<<end`, lines, `end`. */
function readOutputs(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [name, end] = (lines[at] ?? '').split('<<');
    if (name === undefined || end === undefined) continue;
    const last = lines.indexOf(end, at + 1);
    values[name] = lines.slice(at + 1, last).join('\n');
    at = last;
  }
  return values;
}

/** What a run of the action came to, for it to be told. */
import type { Finding, Report } from '../../packages/core/src/types/index.ts';
import type { Outcome, TellIo, TellOptions } from '../../packages/github-action/src/tell/options.ts';
import type { Context, Plan, PullRequest } from '../../packages/github-action/src/types.ts';
import { finding, gitSighting, report } from './reports.ts';

export const headSha = 'a'.repeat(40);
const baseSha = 'b'.repeat(40);

export function makeContext(fields: Partial<Context> = {}): Context {
  return {
    repository: { owner: 'acme', name: 'shop' },
    apiUrl: 'https://api.github.com',
    serverUrl: 'https://github.com',
    workspace: '/checkout',
    event: 'pull_request',
    sha: 'e'.repeat(40),
    ref: 'refs/pull/7/merge',
    workflow: 'CI',
    job: 'secrets',
    runId: '123',
    runAttempt: '1',
    token: undefined,
    ...fields,
  };
}

export function pullRequestPlan(fields: Partial<PullRequest> = {}): Plan {
  const pullRequest = { number: 7, baseSha, headSha, fork: false, ...fields };
  return { scan: 'changes', base: baseSha, head: headSha, pullRequest };
}

export const pushPlan: Plan = { scan: 'changes', base: baseSha, head: headSha, pullRequest: undefined };

export function makeOutcome(fields: Partial<Outcome> = {}): Outcome {
  const { report: of = report(), ...rest } = fields;
  const fails = (each: Finding): boolean => each.confidence !== 'low';
  return {
    report: of,
    plan: pullRequestPlan(),
    failing: of.findings.some(fails) || !of.summary.complete,
    fails,
    notices: [],
    ...rest,
  };
}

export function tellOptions(fields: Partial<TellOptions> = {}): TellOptions {
  return {
    annotations: true,
    summary: true,
    comment: true,
    sarif: undefined,
    uploadSarif: false,
    artifact: undefined,
    notify: [],
    gitleaks: false,
    ...fields,
  };
}

export interface CapturedIo extends TellIo {
  /** Standard output. */
  readonly lines: readonly string[];
  /** The summary so far. */
  readonly summary: () => string;
  readonly files: ReadonlyMap<string, string>;
  readonly artifacts: readonly (readonly [string, string])[];
}

/** Keeps what is told. */
export function captureIo(): CapturedIo {
  const lines: string[] = [];
  const files = new Map<string, string>();
  const artifacts: (readonly [string, string])[] = [];
  let summary = '';
  return {
    lines,
    files,
    artifacts,
    summary: () => summary,
    command: (line) => void lines.push(line),
    async appendSummary(markdown) {
      summary += markdown;
    },
    async writeFile(path, parts) {
      files.set(path, [...parts].join(''));
    },
    async uploadArtifact(name, file) {
      artifacts.push([name, file]);
    },
  };
}

/** A credential id that is one, for a number. */
export function idOf(number: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  let rest = number;
  let text = '';
  for (let i = 0; i < 20; i++) {
    text = (letters[rest % 32] ?? 'a') + text;
    rest = Math.floor(rest / 32);
  }
  return `c1_${text}`;
}

/** Still in the head, on a line that is not the one it came in on. */
export function inHead(number: number, fields: Partial<Finding> = {}): Finding {
  const sightings = [
    gitSighting({
      path: `src/file-${number}.ts`,
      line: 3,
      endLine: 3,
      headPlace: { line: 30, column: 1, endLine: 31, endColumn: 2 },
    }),
  ];
  return finding({ id: idOf(number), sightings, sightingCount: 1, ...fields });
}

/** Added by one commit of the change and taken out by another. */
export function removed(number: number, fields: Partial<Finding> = {}): Finding {
  const sightings = [
    gitSighting({
      path: `src/gone-${number}.ts`,
      inHead: false,
      branches: [],
      removed: {
        commit: 'd'.repeat(40),
        author: 'Grace',
        email: 'grace@mail.invalid',
        date: '2024-05-03T08:30:00Z',
        message: 'take it out',
      },
    }),
  ];
  return finding({ id: idOf(number), sightings, sightingCount: 1, ...fields });
}

export function many(count: number, fields: Partial<Finding> = {}): Report {
  return report({ findings: Array.from({ length: count }, (_, at) => inHead(at, fields)) });
}

/** What telling is told: the words between it and the rest of the action. */
import type { Finding, Report } from '@unleak/core';
import type { Notice, Plan } from '../types.ts';

/** What the run came to. */
export interface Outcome {
  /** Masked: what it holds may be shown to everyone. */
  readonly report: Report;
  readonly plan: Plan;
  /** The check fails: because of findings, or because the scan is incomplete. */
  readonly failing: boolean;
  /** Whether a finding is one that fails the check. */
  readonly fails: (finding: Finding) => boolean;
  /** What HEAD was while a history was scanned; where it is not told, the commit that the workflow runs on. */
  readonly head?: string | undefined;
  /** What arose so far. */
  readonly notices: readonly Notice[];
}

export interface TellOptions {
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly comment: boolean;
  /** Where the SARIF file goes, an absolute path; undefined: no file. */
  readonly sarif: string | undefined;
  readonly uploadSarif: boolean;
  /** Name of the artifact that holds the file at `sarif`; undefined: none. */
  readonly artifact: string | undefined;
  /** Users and teams to mention in the comment, with `@` or without. */
  readonly notify: readonly string[];
  /** In the words of gitleaks-action: its SARIF, and lines for `.gitleaksignore`. */
  readonly gitleaks: boolean;
}

/** Everything that telling does to the outside, but for GitHub's API. */
export interface TellIo {
  /** Writes a line on standard output. */
  command(line: string): void;
  /** Adds to the job's summary; undefined where the runner has none. */
  readonly appendSummary: ((markdown: string) => Promise<void>) | undefined;
  /** Writes a file whole, replacing one that is there, and makes its folder. */
  writeFile(path: string, parts: Iterable<string>): Promise<void>;
  /** @throws Error with one line that says why */
  uploadArtifact(name: string, file: string): Promise<void>;
}

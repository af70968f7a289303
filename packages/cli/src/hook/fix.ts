/** `--fix`: says what it would do, asks, does it. The commit is stopped all the same: somebody should look at it first. */
import { hitsIn, type Finding, type Prepared } from '@unleak/core';
import type { FixPlan, GitPlace } from '@unleak/pre-commit';
import type { Io } from '../io.ts';
import { operatorsGit } from '../operators-git.ts';
import { askOnTerminal } from './ask.ts';

export interface Fix {
  readonly plan: FixPlan;
  readonly git: GitPlace;
}

/** `root`: top level of the work tree. `settings`: what the findings were found with. @throws UsageError without git */
export async function findFix(
  findings: readonly Finding[],
  root: string,
  settings: Prepared['settings'],
  io: Io,
): Promise<Fix> {
  const { planFix } = await import('@unleak/pre-commit');
  const git = { root, ask: await operatorsGit(root, false, io), indexFile: io.env['GIT_INDEX_FILE'] };
  return { plan: await planFix(findings, git, (text) => hitsIn(text, settings)), git };
}

export async function offerFix({ plan, git }: Fix, isYes: boolean, io: Io): Promise<void> {
  const { applyFix, describePlan, describeResult } = await import('@unleak/pre-commit');
  await io.stderr.write(`\n${describePlan(plan)}`);
  if (plan.files.length === 0) return;
  const answer = isYes || askOnTerminal('Do this?', io);
  if (answer === undefined)
    await io.stderr.write(
      'unleak: there is no terminal to ask on, so nothing was changed (--yes does it without asking)\n',
    );
  else if (answer) await io.stderr.write(describeResult(await applyFix(plan, git)));
  else await io.stderr.write('unleak: nothing was changed\n');
}

/** `--fix`: says what it would do, asks, does it. The commit is stopped all the same: somebody should look at it first. */
import { hitsIn, type Finding, type Prepared } from '@unleak/core';
import type { Io } from '../io.ts';
import { operatorsGit } from '../operators-git.ts';
import { askOnTerminal } from './ask.ts';

export interface FixOffer {
  readonly findings: readonly Finding[];
  /** Top level of the work tree. */
  readonly root: string;
  /** What they were found with. */
  readonly settings: Prepared['settings'];
  readonly isYes: boolean;
}

export async function offerFix({ findings, root, settings, isYes }: FixOffer, io: Io): Promise<void> {
  const { applyFix, describePlan, describeResult, planFix } = await import('@unleak/pre-commit');
  const git = { root, ask: await operatorsGit(root, false, io), indexFile: io.env['GIT_INDEX_FILE'] };
  const plan = await planFix(findings, git, (text) => hitsIn(text, settings));
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

/** What is said before and after: names of files and variables, never a value. */
import { neutralise, plural } from '@unleak/core';
import type { FixResult } from './apply.ts';
import { DOTENV, GITIGNORE, type FixPlan } from './plan.ts';

/** What would be done; whole lines. */
export function describePlan(plan: FixPlan): string {
  const edits = plan.files.flatMap(({ path, edits }) =>
    edits.map(({ line, variable, text }) =>
      variable === undefined
        ? `  ${path}: insert ${text.trim()}`
        : `  ${path}:${line}: ${text === '' ? 'leave the value empty' : `read it as ${text}`}`,
    ),
  );
  const names = [...plan.variables.keys()];
  return block([
    ...(edits.length === 0 ? [] : ['unleak --fix would change:', ...edits]),
    ...(names.length === 0 ? [] : [`  ${DOTENV}: add ${names.join(', ')}`]),
    ...(plan.ignoreDotenv ? [`  ${GITIGNORE}: add ${DOTENV}`] : []),
    ...refusals(plan),
  ]);
}

function refusals({ blocked, refused, files }: FixPlan): readonly string[] {
  if (blocked !== undefined) return [`unleak --fix can change nothing here: ${blocked}`];
  if (refused.length === 0) return [];
  return [
    files.length === 0 ? 'unleak --fix can change nothing here:' : 'What stays as it is:',
    ...refused.map(({ path, line, reason }) => `  ${path}:${line}: ${reason}`),
  ];
}

/** What was done, and what to do next; whole lines. */
export function describeResult({ changed, staged, added, ignored, failed }: FixResult): string {
  const open = changed.filter((path) => !staged.includes(path));
  return block([
    ...failed.map((problem) => `unleak: ${problem}`),
    ...(changed.length === 0 ? [] : [`unleak: changed ${changed.join(', ')}`]),
    ...(added.length === 0
      ? []
      : [
          `unleak: ${added.join(', ')} ${added.length === 1 ? 'is' : 'are'} in ${DOTENV} now, which stays on this machine`,
        ]),
    ...(ignored ? [`unleak: ${DOTENV} is named in ${GITIGNORE}`] : []),
    ...(staged.length === 0
      ? []
      : [`unleak: staged ${plural(staged.length, 'file')} again: look at git diff --cached, and commit again`]),
    ...(open.length === 0 ? [] : ['unleak: nothing of it is staged: look at git diff, git add it, and commit again']),
    ...(changed.length === 0
      ? []
      : [
          `unleak: programs read ${DOTENV} only where they are told to: node --env-file=${DOTENV}, python-dotenv, docker compose, direnv …`,
        ]),
  ]);
}

function block(lines: readonly string[]): string {
  return lines.map((line) => `${neutralise(line)}\n`).join('');
}

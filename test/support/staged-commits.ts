/** Commits in repositories with our hook. One that is stopped leaves HEAD where it was. */
import { expect } from 'vitest';
import type { GitRun, HookedRepo } from './hooked-repo.ts';
import { githubToken } from './tokens.ts';

/** A line of JavaScript with a token in it, another one for each seed. */
export function line(seed: string): string {
  return `const token = "${githubToken(seed)}";\n`;
}

export const clean = 'const width = 3;\n';
/** Enough text for git to see a copy or rename in. */
export const body = 'export const area = (width, height) => width * height;\n'.repeat(30);

function hasHead(repo: HookedRepo): string {
  return repo.run(['rev-parse', '--verify', '--quiet', 'HEAD']).said.trim();
}

/** Commits as told, and is stopped; gives what was said. */
export function stopped(repo: HookedRepo, args: readonly string[] = ['commit', '-m', 'x']): string {
  const before = hasHead(repo);
  const { code, said } = repo.run(args);
  expect({ code, head: hasHead(repo) }, said).toEqual({ code: 1, head: before });
  expect(said).toContain('unleak: this commit was stopped');
  return said;
}

/** Commits as told. */
export function passes(repo: HookedRepo, args: readonly string[] = ['commit', '-m', 'x']): GitRun {
  const before = hasHead(repo);
  const run = repo.run(args);
  expect(run.code, run.said).toBe(0);
  expect(run.said).not.toContain('unleak:');
  expect(hasHead(repo)).not.toBe(before);
  return run;
}

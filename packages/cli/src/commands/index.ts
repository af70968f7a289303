/** Commands by name, each loaded when it is called. */
import type { Io } from '../io.ts';

/** Values and positionals as the command's own table types them. */
type Run = (values: never, positionals: readonly string[], io: Io) => Promise<number>;

const RUNNERS: Readonly<Record<string, () => Promise<Run>>> = {
  scan: async () => (await import('./scan.ts')).scanCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  ignore: async () => (await import('./ignore.ts')).ignoreCommand,
  baseline: async () => (await import('./baseline.ts')).baselineCommand,
  'hook pre-commit': async () => (await import('./hook.ts')).preCommitCommand,
  'hook pre-push': async () => (await import('./hook.ts')).prePushCommand,
  'rules list': async () => (await import('./rules-list.ts')).rulesListCommand,
  'rules show': async () => (await import('./rules-show.ts')).rulesShowCommand,
  'rules check': async () => (await import('./rules-check.ts')).rulesCheckCommand,
  'config check': async () => (await import('./config.ts')).configCheckCommand,
  'config show': async () => (await import('./config.ts')).configShowCommand,
  'install-hook': async () => (await import('./install-hook.ts')).installHookCommand,
  'uninstall-hook': async () => (await import('./uninstall-hook.ts')).uninstallHookCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
};

/** Gives the exit code. */
export async function runCommand(
  name: string,
  values: Record<string, unknown>,
  positionals: readonly string[],
  io: Io,
): Promise<number> {
  const load = RUNNERS[name];
  if (load === undefined) throw new Error(`nothing runs the command ${name}`);
  const run = (await load()) as (
    values: Record<string, unknown>,
    positionals: readonly string[],
    io: Io,
  ) => Promise<number>;
  return await run(values, positionals, io);
}

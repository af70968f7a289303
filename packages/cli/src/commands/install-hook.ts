import { installForUser, installInRepository, ownCommand, type InstalledHook } from '@unleak/pre-commit';
import type { INSTALL_HOOK } from '../flags/hook-install.ts';
import type { Values } from '../flags/flag.ts';
import { hookRequest, withPlainErrors } from '../hook-request.ts';
import type { Io } from '../io.ts';
import { messagesFor } from '../settings-session.ts';

export async function installHookCommand(
  values: Values<typeof INSTALL_HOOK.flags>,
  _positionals: readonly string[],
  io: Io,
): Promise<number> {
  const command = ownCommand(io);
  const request = { ...(await hookRequest(values, ['pre-commit'], io)), program: io.program, command };
  const messages = messagesFor(values, io);
  const { hooks, notes, warnings } = await withPlainErrors(() =>
    values.global === true ? installForUser(request) : installInRepository(request),
  );
  for (const hook of hooks) messages.tell(told(hook));
  for (const note of notes) messages.tell(note);
  for (const warning of warnings) messages.log('warn', warning);
  if (command.found === 'project' && values.global === true)
    messages.log(
      'warn',
      'this unleak belongs to one project, and goes away with it, while the hook is for all repositories: better install it for all (npm install --global unleak) and run unleak install-hook --global',
    );
  if (command.found === 'cache')
    messages.log(
      'warn',
      'this unleak lies in a cache that is cleared from time to time, and commits will then be stopped: better install it (npm install --global unleak, or npm install --save-dev unleak in the project) and run install-hook again',
    );
  return 0;
}

function told(hook: InstalledHook): string {
  switch (hook.outcome) {
    case 'covered':
      return `${hook.path} runs here already, as in all your repositories: nothing to do`;
    case 'unchanged':
      return `${hook.path} is there already: nothing to do`;
    case 'updated':
      return `${hook.path} is brought up to date${kept(hook)}`;
    case 'installed':
      return `${hook.path} is installed${kept(hook)}`;
  }
}

function kept(hook: Exclude<InstalledHook, { readonly outcome: 'covered' }>): string {
  if (hook.kept === undefined) return '';
  return hook.kept.executable
    ? `; the hook that was there before runs first: ${hook.kept.path}`
    : `; what was there before is kept, and not run, since it is not executable: ${hook.kept.path}`;
}

import { HOOK_NAMES, uninstallForUser, uninstallFromRepository, type Uninstalled } from '@unleak/pre-commit';
import type { Values } from '../flags/flag.ts';
import type { UNINSTALL_HOOK } from '../flags/hook-install.ts';
import { hookRequest, withPlainErrors } from '../hook-request.ts';
import type { Io } from '../io.ts';
import { messagesFor } from '../settings-session.ts';

export async function uninstallHookCommand(
  values: Values<typeof UNINSTALL_HOOK.flags>,
  _positionals: readonly string[],
  io: Io,
): Promise<number> {
  const request = await hookRequest(values, HOOK_NAMES, io);
  const messages = messagesFor(values, io);
  const { hooks, notes } = await withPlainErrors(() =>
    values.global === true ? uninstallForUser(request) : uninstallFromRepository(request),
  );
  const lines = hooks.flatMap(told);
  for (const line of lines) messages.tell(line);
  if (lines.length === 0)
    messages.tell(
      request.hooks.length === HOOK_NAMES.length
        ? 'there is no hook of unleak here: nothing to do'
        : `there is no ${request.hooks.join(', ')} hook of unleak here: nothing to do`,
    );
  for (const note of notes) messages.tell(note);
  return 0;
}

function told({ outcome, path, restored, left }: Uninstalled['hooks'][number]): readonly string[] {
  switch (outcome) {
    case 'absent':
      return [];
    case 'removed':
      return [`${path} is ${restored ? 'again what it was before' : 'removed'}`];
    case 'restored':
      return [`${path} was gone; what was there before unleak is back`];
    case 'foreign':
      return [
        `${path} is not of unleak, and stays${left === undefined ? '' : `; what unleak had kept is still in ${left}`}`,
      ];
  }
}

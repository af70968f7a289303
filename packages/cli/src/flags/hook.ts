/** What git's hooks call. */
import { CONFIG_FLAGS, RULE_FLAGS, RUN_FLAGS } from './common.ts';
import type { Command, Flag } from './flag.ts';

export const HOOK_FLAGS = [...CONFIG_FLAGS, ...RULE_FLAGS, ...RUN_FLAGS] as const satisfies readonly Flag[];

export const HOOK_PRE_COMMIT = {
  name: 'hook pre-commit',
  description: 'Stop a commit that would bring in a credential; git calls this',
  positionals: [
    {
      name: 'file',
      description: 'names that hook managers add; everything that is staged is scanned all the same',
      many: true,
    },
  ],
  flags: HOOK_FLAGS,
  examples: [{ command: 'unleak hook pre-commit', description: 'in .git/hooks/pre-commit' }],
} as const satisfies Command;

export const HOOK_PRE_PUSH = {
  name: 'hook pre-push',
  description: 'Stop a push that would send a credential; git calls this',
  positionals: [
    { name: 'remote', description: 'its name, as git tells it' },
    { name: 'url', description: 'its address, as git tells it' },
  ],
  flags: HOOK_FLAGS,
  examples: [{ command: 'unleak hook pre-push "$@"', description: 'in .git/hooks/pre-push' }],
} as const satisfies Command;

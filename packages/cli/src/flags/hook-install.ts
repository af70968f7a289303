/** `install-hook` and `uninstall-hook`. */
import { RUN_FLAGS } from './common.ts';
import type { Command, Flag } from './flag.ts';

const HOOKS = 'Hooks';

const WHERE_FLAGS = [
  {
    name: 'repo',
    type: 'string',
    value: 'DIR',
    group: HOOKS,
    default: 'the repository around the current directory',
    description: 'the repository',
  },
  {
    name: 'global',
    type: 'boolean',
    group: HOOKS,
    description: 'for all repositories of this user, by core.hooksPath',
  },
] as const satisfies readonly Flag[];

export const INSTALL_HOOK = {
  name: 'install-hook',
  description: 'Install a git hook that stops commits which bring in credentials',
  positionals: [],
  flags: [
    ...WHERE_FLAGS,
    { name: 'pre-commit', type: 'boolean', group: HOOKS, description: 'before each commit; so it is by default' },
    {
      name: 'pre-push',
      type: 'boolean',
      group: HOOKS,
      description: 'before each push instead; with --pre-commit as well',
    },
    {
      name: 'force',
      type: 'boolean',
      group: HOOKS,
      description: 'also beside another tool that manages the hooks, and over a hook of unleak that was edited',
    },
    ...RUN_FLAGS,
  ],
  examples: [
    { command: 'unleak install-hook', description: 'in this repository; a hook that is there already runs first' },
    { command: 'unleak install-hook --pre-commit --pre-push', description: 'both hooks' },
    { command: 'unleak install-hook --global', description: 'in all repositories; their own hooks still run' },
  ],
} as const satisfies Command;

export const UNINSTALL_HOOK = {
  name: 'uninstall-hook',
  description: 'Take the git hooks of unleak away, and put back what was there before',
  positionals: [],
  flags: [
    ...WHERE_FLAGS,
    { name: 'pre-commit', type: 'boolean', group: HOOKS, description: 'only the one before commits; by default both' },
    { name: 'pre-push', type: 'boolean', group: HOOKS, description: 'only the one before pushes' },
    { name: 'force', type: 'boolean', group: HOOKS, description: 'also a hook of unleak that was edited' },
    ...RUN_FLAGS,
  ],
  examples: [
    { command: 'unleak uninstall-hook', description: 'hooks that are not of unleak are left alone' },
    { command: 'unleak uninstall-hook --global', description: 'what install-hook --global has done' },
  ],
} as const satisfies Command;

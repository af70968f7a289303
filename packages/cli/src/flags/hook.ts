/** What git's hooks call. */
import { CONFIG_FLAGS, GROUP, RULE_FLAGS, RUN_FLAGS } from './common.ts';
import type { Command, Flag } from './flag.ts';
import { BASELINE_FLAG, EXCLUDE_FLAG, FAIL_ON_FLAG } from './scan.ts';

const ON_TIMEOUT_FLAG = {
  name: 'on-timeout',
  type: 'string',
  choices: ['pass', 'stop'],
  group: GROUP.limits,
  default: 'pass',
  description: 'what to do then; what was not scanned is named either way',
  env: 'UNLEAK_ON_TIMEOUT',
  config: 'hook.onTimeout',
} as const satisfies Flag;

const COMMON = [
  ON_TIMEOUT_FLAG,
  FAIL_ON_FLAG,
  ...CONFIG_FLAGS,
  ...RULE_FLAGS,
  EXCLUDE_FLAG,
  BASELINE_FLAG,
  ...RUN_FLAGS,
] as const satisfies readonly Flag[];

const FIX_GROUP = 'Take it out';

export const PRE_COMMIT_FLAGS = [
  {
    name: 'fix',
    type: 'boolean',
    group: FIX_GROUP,
    description: 'offer to read the value from the environment instead, and to put it into an ignored .env',
  },
  { name: 'yes', alias: 'y', type: 'boolean', group: FIX_GROUP, description: 'with --fix: do it without asking' },
  {
    name: 'budget',
    type: 'string',
    value: 'TIME',
    group: GROUP.limits,
    default: '2s',
    description: 'how long a commit may wait for this, as 2s or 500ms',
    env: 'UNLEAK_BUDGET',
    config: 'hook.budget',
  },
  ...COMMON,
] as const satisfies readonly Flag[];

export const PRE_PUSH_FLAGS = [
  {
    name: 'push-budget',
    type: 'string',
    value: 'TIME',
    group: GROUP.limits,
    default: '30s',
    description: 'how long a push may wait for this, as 30s or 2m',
    env: 'UNLEAK_PUSH_BUDGET',
    config: 'hook.pushBudget',
  },
  ...COMMON,
] as const satisfies readonly Flag[];

const NOTES = [
  'SKIP=unleak in the environment skips this once.',
  'Exit codes: 0 go on, 1 stopped because of a finding, 2 stopped because the scan failed or could not be finished.',
] as const;

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
  flags: PRE_COMMIT_FLAGS,
  examples: [
    { command: 'unleak hook pre-commit', description: 'in .git/hooks/pre-commit' },
    { command: 'unleak hook pre-commit --fix', description: 'by hand, after a commit was stopped' },
  ],
  notes: NOTES,
} as const satisfies Command;

export const HOOK_PRE_PUSH = {
  name: 'hook pre-push',
  description: 'Stop a push that would send a credential; git calls this',
  positionals: [
    { name: 'remote', description: 'its name, as git tells it' },
    { name: 'url', description: 'its address, as git tells it' },
  ],
  flags: PRE_PUSH_FLAGS,
  examples: [{ command: 'unleak hook pre-push "$@"', description: 'in .git/hooks/pre-push' }],
  notes: NOTES,
} as const satisfies Command;

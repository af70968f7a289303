/** Flags that several commands have. */
import type { Flag } from './flag.ts';

const LOG_LEVELS = ['debug', 'info', 'warn'] as const;

export const GROUP = {
  target: 'What to scan',
  rules: 'Rules',
  accept: 'What is accepted',
  report: 'Report',
  result: 'Result',
  limits: 'Limits',
  run: 'Run',
} as const;

export const RUN_FLAGS = [
  {
    name: 'quiet',
    alias: 'q',
    type: 'boolean',
    group: GROUP.run,
    description: 'say nothing but the report and errors',
  },
  {
    name: 'log-level',
    type: 'string',
    choices: LOG_LEVELS,
    default: 'warn',
    group: GROUP.run,
    description: 'how much is told on standard error',
  },
  {
    name: 'no-color',
    type: 'boolean',
    group: GROUP.run,
    description: 'no colours (FORCE_COLOR=1: always)',
    env: 'NO_COLOR',
  },
  { name: 'help', alias: 'h', type: 'boolean', group: GROUP.run, description: 'show this help' },
] as const satisfies readonly Flag[];

export const CONFIG_FLAGS = [
  {
    name: 'config',
    alias: 'c',
    type: 'string',
    value: 'FILE',
    group: GROUP.rules,
    description: 'configuration of the operator',
    env: 'UNLEAK_CONFIG',
    default: 'unleak.yaml or .unleak.yaml of the target, and that of the user',
  },
  {
    name: 'trust-target-config',
    type: 'boolean',
    group: GROUP.rules,
    description: 'read the configuration of a URL target, too',
  },
] as const satisfies readonly Flag[];

export const RULE_FLAGS = [
  {
    name: 'rules',
    type: 'list',
    value: 'FILE',
    group: GROUP.rules,
    description: 'more rules: a file of ours, .gitleaks.toml or .betterleaks.toml',
    env: 'UNLEAK_RULES',
    config: 'rules.files',
  },
  {
    name: 'only-rule',
    type: 'list',
    value: 'RULE',
    group: GROUP.rules,
    description: 'run no other rules (ID, provider:ID, tag:TAG, confidence:LEVEL)',
    env: 'UNLEAK_ONLY_RULE',
    config: 'rules.only',
  },
  {
    name: 'disable-rule',
    type: 'list',
    value: 'RULE',
    group: GROUP.rules,
    description: 'do not run a rule (as above)',
    env: 'UNLEAK_DISABLE_RULE',
    config: 'rules.disable',
  },
  {
    name: 'enable-rule',
    type: 'list',
    value: 'RULE',
    group: GROUP.rules,
    description: 'run a rule although it is disabled (as above)',
    env: 'UNLEAK_ENABLE_RULE',
    config: 'rules.enable',
  },
] as const satisfies readonly Flag[];

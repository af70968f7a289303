/** Flags that several commands have. */
import type { Flag } from './flag.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn'] as const;

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
  { name: 'quiet', alias: 'q', type: 'boolean', group: GROUP.run, description: 'say nothing but the report and errors' },
  { name: 'log-level', type: 'string', choices: LOG_LEVELS, default: 'warn', group: GROUP.run, description: 'how much is told on standard error' },
  { name: 'no-color', type: 'boolean', group: GROUP.run, description: 'no colours (FORCE_COLOR=1: always)', env: 'NO_COLOR' },
  { name: 'help', alias: 'h', type: 'boolean', group: GROUP.run, description: 'show this help' },
] as const satisfies readonly Flag[];

export const CONFIG_FLAGS = [
  { name: 'config', alias: 'c', type: 'string', value: 'FILE', group: GROUP.rules, description: 'configuration of the operator', env: 'UNLEAK_CONFIG', default: 'unleak.yaml or .unleak.yaml of the target, and that of the user' },
  { name: 'trust-target-config', type: 'boolean', group: GROUP.rules, description: 'read the configuration of a URL target, too' },
] as const satisfies readonly Flag[];

export const RULE_FLAGS = [
  { name: 'enable', type: 'list', value: 'RULE', group: GROUP.rules, description: 'turn on a rule (id, provider:ID, tag:TAG)', config: 'rules.enable' },
  { name: 'disable', type: 'list', value: 'RULE', group: GROUP.rules, description: 'turn off a rule (id, provider:ID, tag:TAG)', config: 'rules.disable' },
] as const satisfies readonly Flag[];

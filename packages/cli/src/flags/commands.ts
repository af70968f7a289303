/** Every command of unleak's own; those of gitleaks are in compat/. */
import { CONFIG_FLAGS, GROUP, RULE_FLAGS, RUN_FLAGS } from './common.ts';
import type { Command, Flag } from './flag.ts';
import { HOOK_PRE_COMMIT, HOOK_PRE_PUSH } from './hook.ts';
import { SCAN, SOURCE_FLAGS } from './scan.ts';
import { INSTALL_HOOK, UNINSTALL_HOOK } from './hook-install.ts';

const JSON_FLAG = {
  name: 'json',
  type: 'boolean',
  group: GROUP.report,
  description: 'as JSON',
} as const satisfies Flag;

export const RULES_LIST = {
  name: 'rules list',
  description: 'List the rules that would run',
  positionals: [],
  flags: [...CONFIG_FLAGS, ...RULE_FLAGS, JSON_FLAG, ...RUN_FLAGS],
  examples: [
    { command: 'unleak rules list', description: 'id, severity, confidence and title of each' },
    { command: 'unleak rules list --disable-rule provider:generic --json', description: 'for a program' },
  ],
} as const satisfies Command;

export const RULES_SHOW = {
  name: 'rules show',
  description: 'Show a rule',
  positionals: [{ name: 'rule', description: 'its id', required: true }],
  flags: [...CONFIG_FLAGS, JSON_FLAG, ...RUN_FLAGS],
  examples: [{ command: 'unleak rules show github-pat', description: 'pattern, keywords, filters, references' }],
} as const satisfies Command;

const RULES_CHECK = {
  name: 'rules check',
  description: 'Check rule files: patterns, ids, examples',
  positionals: [{ name: 'file', description: 'rule files', required: true, many: true }],
  flags: [...RUN_FLAGS],
  examples: [{ command: 'unleak rules check rules/acme.yaml', description: 'one line for each problem' }],
} as const satisfies Command;

export const EXPLAIN = {
  name: 'explain',
  description: 'Say why something was found at a place, or which gate stopped it',
  positionals: [{ name: 'place', description: 'FILE:LINE, or COMMIT:FILE:LINE', required: true }],
  flags: [
    { name: 'rule', type: 'list', value: 'RULE', group: GROUP.rules, description: 'only these rules' },
    {
      name: 'all',
      type: 'boolean',
      group: GROUP.report,
      description: 'also rules that got no further than their keyword',
    },
    ...CONFIG_FLAGS,
    ...RUN_FLAGS,
  ],
  examples: [
    {
      command: 'unleak explain config/prod.env:12',
      description: 'each rule that looked at the line, and what came of it',
    },
    { command: 'unleak explain 4f2a91c:config/prod.env:12', description: 'the file as it was in a commit' },
  ],
} as const satisfies Command;

export const IGNORE = {
  name: 'ignore',
  description: 'Accept a finding: write its id to .unleakignore',
  positionals: [{ name: 'id', description: 'id of the finding (c1_…)', required: true }],
  flags: [
    { name: 'reason', type: 'string', value: 'TEXT', group: GROUP.accept, description: 'why it is accepted' },
    { name: 'owner', type: 'string', value: 'NAME', group: GROUP.accept, description: 'who answers for it' },
    {
      name: 'until',
      type: 'string',
      value: 'DATE',
      group: GROUP.accept,
      description: 'last day on which it is accepted, as 2027-01-31',
    },
    {
      name: 'file',
      type: 'string',
      value: 'FILE',
      group: GROUP.accept,
      default: '.unleakignore',
      description: 'the file to write',
    },
    {
      name: 'report',
      type: 'string',
      value: 'FILE',
      group: GROUP.accept,
      description: 'JSON report that tells how many places the id covers',
    },
    ...CONFIG_FLAGS,
    ...RUN_FLAGS,
  ],
  examples: [
    {
      command: 'unleak ignore ID --reason "rotated on 3 May" --owner ann --until 2027-01-31',
      description: 'until a day; after it, the finding is back',
    },
  ],
} as const satisfies Command;

export const BASELINE = {
  name: 'baseline',
  description: 'Accept everything that is found now: write or refresh a baseline',
  positionals: [{ name: 'target', description: 'as for scan (default: .)', many: true }],
  flags: [
    {
      name: 'output',
      alias: 'o',
      type: 'string',
      value: 'FILE',
      group: GROUP.report,
      default: 'the configured baseline, else .unleak-baseline',
      description: 'the file to write',
    },
    {
      name: 'from',
      type: 'string',
      value: 'FILE',
      group: GROUP.target,
      description: 'take the findings of a JSON report instead of scanning',
    },
    { name: 'keep', type: 'boolean', group: GROUP.accept, description: 'keep entries of findings that are gone' },
    ...SOURCE_FLAGS,
  ],
  examples: [
    { command: 'unleak baseline', description: 'scan, and write .unleak-baseline' },
    { command: 'unleak baseline --from report.json -o known.txt', description: 'from a report of unleak scan -f json' },
  ],
} as const satisfies Command;

export const CONFIG_CHECK = {
  name: 'config check',
  description: 'Check the configuration',
  positionals: [{ name: 'target', description: 'whose configuration is read, too (default: .)' }],
  flags: [...CONFIG_FLAGS, ...RUN_FLAGS],
  examples: [{ command: 'unleak config check', description: 'one line for each problem' }],
} as const satisfies Command;

export const CONFIG_SHOW = {
  name: 'config show',
  description: 'Show each setting and where it comes from',
  positionals: [{ name: 'target', description: 'whose configuration is read, too (default: .)' }],
  flags: [...CONFIG_FLAGS, JSON_FLAG, ...RUN_FLAGS],
  examples: [{ command: 'unleak config show --json', description: 'for a program' }],
} as const satisfies Command;

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const COMPLETION = {
  name: 'completion',
  description: 'Print a completion script for a shell',
  positionals: [{ name: 'shell', description: SHELLS.join(', '), required: true }],
  flags: [...RUN_FLAGS],
  examples: [
    { command: 'source <(unleak completion bash)', description: 'in ~/.bashrc' },
    { command: 'unleak completion fish > ~/.config/fish/completions/unleak.fish', description: 'once' },
  ],
} as const satisfies Command;

export const COMMANDS: readonly Command[] = [
  SCAN,
  EXPLAIN,
  IGNORE,
  BASELINE,
  HOOK_PRE_COMMIT,
  HOOK_PRE_PUSH,
  RULES_LIST,
  RULES_SHOW,
  RULES_CHECK,
  CONFIG_CHECK,
  CONFIG_SHOW,
  INSTALL_HOOK,
  UNINSTALL_HOOK,
  COMPLETION,
];

/** The commands of gitleaks 8 as tables: for reading arguments, help, completion and docs. */
import type { Command, Flag } from '../../flags/flag.ts';

const GROUP = 'gitleaks';

/** `--redact` alone is `--redact=100`: the value of a flag that may stand without one. */
export const WITHOUT_VALUE: Readonly<Record<string, string>> = { redact: '100' };

const EVERYWHERE = [
  {
    name: 'config',
    alias: 'c',
    type: 'string',
    value: 'FILE',
    group: GROUP,
    description: 'gitleaks configuration',
    env: 'GITLEAKS_CONFIG, GITLEAKS_CONFIG_TOML',
    default: '.gitleaks.toml of the target',
  },
  {
    name: 'report-path',
    alias: 'r',
    type: 'string',
    value: 'FILE',
    group: GROUP,
    description: 'where the report is written; -: standard output',
  },
  {
    name: 'report-format',
    alias: 'f',
    type: 'string',
    choices: ['json', 'csv', 'junit', 'sarif', 'template'],
    group: GROUP,
    default: "the report's extension, else json",
    description: 'form of the report; templates are not offered',
  },
  {
    name: 'report-template',
    type: 'string',
    value: 'FILE',
    group: GROUP,
    description: 'not offered: an error that names what is',
  },
  {
    name: 'baseline-path',
    alias: 'b',
    type: 'string',
    value: 'FILE',
    group: GROUP,
    description: 'a gitleaks JSON report whose findings are known',
  },
  {
    name: 'gitleaks-ignore-path',
    alias: 'i',
    type: 'string',
    value: 'PATH',
    group: GROUP,
    default: '.',
    description: '.gitleaksignore, or its folder',
  },
  {
    name: 'exit-code',
    type: 'number',
    value: 'N',
    group: GROUP,
    default: '1',
    description: 'exit code when leaks were found',
  },
  {
    name: 'redact',
    type: 'string',
    value: 'PERCENT',
    group: GROUP,
    default: '100',
    description: 'how much of a secret reports hide; 0 shows them',
  },
  { name: 'verbose', alias: 'v', type: 'boolean', group: GROUP, description: 'print findings' },
  {
    name: 'log-level',
    alias: 'l',
    type: 'string',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
    group: GROUP,
    default: 'info',
    description: 'how much is told on standard error',
  },
  {
    name: 'enable-rule',
    type: 'list',
    value: 'RULE',
    group: GROUP,
    description: 'run only these rules, by the ids of gitleaks or ours',
  },
  {
    name: 'ignore-gitleaks-allow',
    type: 'boolean',
    group: GROUP,
    description: 'comments such as gitleaks:allow do not count',
  },
  {
    name: 'max-target-megabytes',
    type: 'number',
    value: 'N',
    group: GROUP,
    default: 'none',
    description: 'skip larger files',
  },
  {
    name: 'max-decode-depth',
    type: 'number',
    value: 'N',
    group: GROUP,
    default: '5',
    description: 'how often an encoded text is decoded again',
  },
  {
    name: 'max-archive-depth',
    type: 'number',
    value: 'N',
    group: GROUP,
    default: '0',
    description: 'archives are not opened: more than 0 is said to have no effect',
  },
  {
    name: 'timeout',
    type: 'number',
    value: 'SECONDS',
    group: GROUP,
    default: 'none',
    description: 'stop after so many seconds',
  },
  { name: 'no-banner', type: 'boolean', group: GROUP, description: 'there is no banner' },
  { name: 'no-color', type: 'boolean', group: GROUP, description: 'no colours', env: 'NO_COLOR' },
  { name: 'diagnostics', type: 'string', value: 'KIND', group: GROUP, description: 'said to have no effect' },
  { name: 'diagnostics-dir', type: 'string', value: 'DIR', group: GROUP, description: 'said to have no effect' },
  { name: 'help', alias: 'h', type: 'boolean', group: GROUP, description: 'show this help' },
] as const satisfies readonly Flag[];

const GIT_ONLY = [
  {
    name: 'log-opts',
    type: 'string',
    value: 'OPTIONS',
    group: GROUP,
    description: 'which commits, as options of git rev-list: ranges, --all, --since, -n, --no-merges …',
  },
  { name: 'staged', type: 'boolean', group: GROUP, description: 'staged changes' },
  { name: 'pre-commit', type: 'boolean', group: GROUP, description: 'uncommitted changes' },
  {
    name: 'platform',
    type: 'string',
    value: 'NAME',
    group: GROUP,
    description: 'reports hold no links: said to have no effect',
  },
] as const satisfies readonly Flag[];

const FOLLOW = {
  name: 'follow-symlinks',
  type: 'boolean',
  group: GROUP,
  description: 'follow symbolic links that stay inside the target',
} as const satisfies Flag;
const SOURCE = {
  name: 'source',
  alias: 's',
  type: 'string',
  value: 'PATH',
  group: GROUP,
  default: '.',
  description: 'what is scanned',
} as const satisfies Flag;

export const GITLEAKS_FLAGS = {
  git: [...EVERYWHERE, ...GIT_ONLY],
  dir: [...EVERYWHERE, FOLLOW],
  stdin: [...EVERYWHERE],
  detect: [
    ...EVERYWHERE,
    SOURCE,
    FOLLOW,
    ...GIT_ONLY.filter((flag) => flag.name === 'log-opts' || flag.name === 'platform'),
    { name: 'no-git', type: 'boolean', group: GROUP, description: 'the files of the directory' },
    { name: 'pipe', type: 'boolean', group: GROUP, description: 'standard input' },
  ],
  protect: [...EVERYWHERE, SOURCE, ...GIT_ONLY.filter((flag) => flag.name === 'log-opts' || flag.name === 'staged')],
  version: [],
} as const satisfies Readonly<Record<string, readonly Flag[]>>;

/** Every flag that some verb has. */
export interface GitleaksValues {
  readonly config?: string;
  readonly 'report-path'?: string;
  readonly 'report-format'?: 'json' | 'csv' | 'junit' | 'sarif' | 'template';
  readonly 'report-template'?: string;
  readonly 'baseline-path'?: string;
  readonly 'gitleaks-ignore-path'?: string;
  readonly 'exit-code'?: number;
  readonly redact?: string;
  readonly verbose?: true;
  readonly 'log-level'?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly 'enable-rule'?: readonly string[];
  readonly 'ignore-gitleaks-allow'?: true;
  readonly 'max-target-megabytes'?: number;
  readonly 'max-decode-depth'?: number;
  readonly 'max-archive-depth'?: number;
  readonly timeout?: number;
  readonly diagnostics?: string;
  readonly 'diagnostics-dir'?: string;
  readonly help?: true;
  readonly 'log-opts'?: string;
  readonly staged?: true;
  readonly 'pre-commit'?: true;
  readonly platform?: string;
  readonly 'follow-symlinks'?: true;
  readonly source?: string;
  readonly 'no-git'?: true;
  readonly pipe?: true;
}

function command(
  name: keyof typeof GITLEAKS_FLAGS,
  description: string,
  positionals: Command['positionals'],
  example: string,
): Command {
  return {
    name,
    description,
    positionals,
    flags: GITLEAKS_FLAGS[name],
    examples: [{ command: `unleak ${example}`, description: 'as with gitleaks' }],
  };
}

export const GITLEAKS_COMMANDS: readonly Command[] = [
  command(
    'git',
    'The history of a repository, as gitleaks git',
    [{ name: 'repo', description: 'default: .' }],
    'git -v --log-opts="main..HEAD" .',
  ),
  command(
    'dir',
    'Files and directories, as gitleaks dir (file, directory, files)',
    [{ name: 'path', description: 'default: .', many: true }],
    'dir -r report.json src',
  ),
  command('stdin', 'Standard input, as gitleaks stdin', [], 'stdin < app.log'),
  command('detect', 'The old name of git and dir, as gitleaks detect', [], 'detect --source . --no-git'),
  command('protect', 'Uncommitted changes, as gitleaks protect', [], 'protect --staged'),
  command('version', 'The version', [], 'version'),
];

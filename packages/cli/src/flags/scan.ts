import { CONFIG_FLAGS, GROUP, RULE_FLAGS, RUN_FLAGS } from './common.ts';
import type { Command, Flag } from './flag.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
const CONFIDENCES = ['high', 'medium', 'low'] as const;

/** What is scanned and how: the same for every command that scans. */
export const SOURCE_FLAGS = [
  { name: 'staged', type: 'boolean', group: GROUP.target, description: 'what the next commit brings in, read from the index' },
  { name: 'since', type: 'string', value: 'COMMIT', group: GROUP.target, description: 'what the commits since COMMIT brought in' },
  { name: 'range', type: 'string', value: 'A..B', group: GROUP.target, description: 'what the commits of a range brought in' },
  { name: 'branch', type: 'string', value: 'NAME', group: GROUP.target, description: 'head of --since (default: HEAD); alone: its whole history' },
  { name: 'ref', type: 'list', value: 'NAME', group: GROUP.target, description: 'only the history of this ref' },
  { name: 'history', type: 'string', choices: ['only', 'no'], group: GROUP.target, description: 'only the history of a repository, or only its files' },
  { name: 'no-git', type: 'boolean', group: GROUP.target, description: 'treat directories as plain files' },
  { name: 'no-ignore', type: 'boolean', group: GROUP.target, description: 'also scan files that .gitignore names', config: 'ignore.gitignore' },
  { name: 'follow-symlinks', type: 'boolean', group: GROUP.target, description: 'follow symbolic links that stay inside the target' },
  { name: 'allow-missing', type: 'boolean', group: GROUP.target, description: 'objects that a partial clone has not fetched are excluded, not failed' },
  ...CONFIG_FLAGS,
  ...RULE_FLAGS,
  { name: 'include', type: 'list', value: 'GLOB', group: GROUP.target, description: 'report nothing outside these paths', env: 'UNLEAK_INCLUDE', config: 'paths.include' },
  { name: 'exclude', type: 'list', value: 'GLOB', group: GROUP.target, description: 'report nothing on these paths', env: 'UNLEAK_EXCLUDE', config: 'paths.exclude' },
  { name: 'project-name', type: 'string', value: 'NAME', group: GROUP.accept, description: 'keeps equal passwords of different projects apart', env: 'UNLEAK_PROJECT_NAME', config: 'project.name' },
  { name: 'ignore-file', type: 'string', value: 'FILE', group: GROUP.accept, default: '.unleakignore in the target', description: 'accepted findings', env: 'UNLEAK_IGNORE_FILE', config: 'ignore.file' },
  { name: 'inline-markers', type: 'list', value: 'NAME', group: GROUP.accept, default: 'all', description: 'whose comments count: unleak, gitleaks, trufflehog, detect-secrets …', env: 'UNLEAK_INLINE_MARKERS', config: 'ignore.markers' },
  { name: 'no-inline-ignore', type: 'boolean', group: GROUP.accept, description: 'comments such as unleak:allow do not count', config: 'ignore.inline' },
  { name: 'max-file-size', type: 'string', value: 'SIZE', group: GROUP.limits, default: '512MB', description: 'larger files and objects are excluded, and counted', env: 'UNLEAK_MAX_FILE_SIZE', config: 'limits.maxFileSize' },
  { name: 'max-decode-depth', type: 'number', value: 'N', group: GROUP.limits, default: '3', description: 'how often an encoded text may be decoded again; 0: never', env: 'UNLEAK_MAX_DECODE_DEPTH', config: 'limits.maxDecodeDepth' },
  { name: 'workers', type: 'number', value: 'N', group: GROUP.limits, default: 'one for each processor', description: 'worker threads', env: 'UNLEAK_WORKERS', config: 'workers' },
  { name: 'no-progress', type: 'boolean', group: GROUP.run, description: 'no progress bar' },
  ...RUN_FLAGS,
] as const satisfies readonly Flag[];

export const SCAN_FLAGS = [
  ...SOURCE_FLAGS,
  { name: 'baseline', alias: 'b', type: 'string', value: 'FILE', group: GROUP.accept, description: 'findings that are known: ours, a gitleaks report, or .secrets.baseline', env: 'UNLEAK_BASELINE', config: 'baseline' },
  { name: 'format', alias: 'f', type: 'string', value: 'FORMAT', default: 'terminal', group: GROUP.report, description: 'terminal, json, jsonl, sarif, csv, junit, gitlab-secrets, gitlab-codequality, gitleaks-json …' },
  { name: 'output', alias: 'o', type: 'string', value: 'FILE', group: GROUP.report, default: 'standard output', description: 'write the report to a file; its extension chooses the format', env: 'UNLEAK_OUTPUT', config: 'output' },
  { name: 'show-secrets', type: 'boolean', group: GROUP.report, description: 'secrets in clear' },
  { name: 'confidence', type: 'string', choices: CONFIDENCES, group: GROUP.result, default: 'medium', description: 'findings below are one count', env: 'UNLEAK_CONFIDENCE', config: 'confidence' },
  { name: 'min-severity', type: 'string', choices: SEVERITIES, group: GROUP.result, default: 'low', description: 'leave out findings below this severity', env: 'UNLEAK_MIN_SEVERITY', config: 'severity' },
  { name: 'fail-on', type: 'string', choices: ['low', 'medium', 'high', 'present', 'none'], group: GROUP.result, default: 'medium', description: 'findings of this confidence fail the run; present: only those still there', env: 'UNLEAK_FAIL_ON', config: 'failOn' },
  { name: 'exit-code', type: 'number', value: 'N', group: GROUP.result, default: '1', description: 'exit code when findings fail the run', env: 'UNLEAK_EXIT_CODE', config: 'exitCode' },
  { name: 'strict', type: 'boolean', group: GROUP.result, description: 'what was excluded by policy makes the scan incomplete', env: 'UNLEAK_STRICT', config: 'strict' },
] as const satisfies readonly Flag[];

export const SCAN = {
  name: 'scan',
  description: 'Find credentials in files and git history',
  positionals: [{ name: 'target', description: 'a directory, a repository, a file, a URL to clone, or - for standard input (default: .)', many: true }],
  flags: SCAN_FLAGS,
  examples: [
    { command: 'unleak scan', description: 'this directory; a repository with its whole history' },
    { command: 'unleak scan https://github.com/acme/app', description: 'a clone that is removed afterwards' },
    { command: 'unleak scan --staged', description: 'what the next commit brings in' },
    { command: 'unleak scan --since main -f sarif -o leaks.sarif', description: 'what this branch brings in, for code scanning' },
    { command: 'kubectl logs app | unleak scan -', description: 'standard input' },
  ],
  notes: ['Exit codes: 0 clean and complete, 1 findings, 2 failed or incomplete with nothing found, 130 interrupted.'],
} as const satisfies Command;

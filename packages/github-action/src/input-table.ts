/** Every input and output of the action: action.yml, the documentation and the reader are made from these lists. */
export interface Input {
  readonly name: string;
  readonly description: string;
  /** As it stands in action.yml; empty: what holds then is said in `description`. */
  readonly default: string;
  readonly choices?: readonly string[];
  /** What the token needs for it, below `permissions:`. */
  readonly permission?: string;
  /** Variable of gitleaks-action that says the same. */
  readonly gitleaks?: string;
}

export const INPUTS = [
  {
    name: 'token',
    description: 'Fetches commits that the checkout lacks, comments, and uploads',
    default: '${{ github.token }}',
    permission: 'contents: read',
    gitleaks: 'GITHUB_TOKEN',
  },
  {
    name: 'scan',
    description:
      'What is scanned: the commits of the event, or the whole history; by default the first wherever the event names commits',
    default: '',
    choices: ['changes', 'history'],
  },
  {
    name: 'base',
    description: 'Scan the commits that this commit or branch does not have; by default the event says it',
    default: '',
    gitleaks: 'BASE_REF',
  },
  {
    name: 'path',
    description: 'Folder of the checkout, as given to actions/checkout',
    default: '.',
  },
  {
    name: 'config',
    description: 'A configuration file: unleak.yaml, or a .gitleaks.toml; by default the unleak.yaml of the repository',
    default: '',
    gitleaks: 'GITLEAKS_CONFIG',
  },
  {
    name: 'baseline',
    description: 'File of findings that are known',
    default: '',
  },
  {
    name: 'fail-on',
    description:
      'Least confidence of findings that fail the check; present: only of those still there; by default medium, or what the configuration says',
    default: '',
    choices: ['low', 'medium', 'high', 'present', 'none'],
  },
  {
    name: 'suppressions',
    description:
      'Whether comments and ignore files that a pull request itself brings in count; they are listed if they do',
    default: 'all',
    choices: ['all', 'base-only'],
  },
  {
    name: 'annotations',
    description: 'Marks the lines of findings in the changed files',
    default: 'true',
    choices: ['true', 'false'],
  },
  {
    name: 'summary',
    description: 'Writes a table of findings to the summary of the job',
    default: 'true',
    choices: ['true', 'false'],
    gitleaks: 'GITLEAKS_ENABLE_SUMMARY',
  },
  {
    name: 'comment',
    description: 'Keeps one comment on the pull request up to date',
    default: 'true',
    choices: ['true', 'false'],
    permission: 'pull-requests: write',
    gitleaks: 'GITLEAKS_ENABLE_COMMENTS',
  },
  {
    name: 'notify',
    description: 'Users and teams to mention in that comment, separated by commas',
    default: '',
    gitleaks: 'GITLEAKS_NOTIFY_USER_LIST',
  },
  {
    name: 'sarif',
    description: 'Writes a SARIF file there',
    default: '',
  },
  {
    name: 'upload-sarif',
    description: 'Hands the findings to code scanning',
    default: 'false',
    choices: ['true', 'false'],
    permission: 'security-events: write',
  },
  {
    name: 'artifact',
    description: 'Keeps the SARIF file as an artifact of this name',
    default: '',
    gitleaks: 'GITLEAKS_ENABLE_UPLOAD_ARTIFACT',
  },
  {
    name: 'workers',
    description: 'Number of worker threads; by default one for each processor',
    default: '',
  },
] as const satisfies readonly Input[];

export type InputName = (typeof INPUTS)[number]['name'];

export const OUTPUTS = [
  { name: 'findings', description: 'Number of findings that are not suppressed' },
  { name: 'sarif-file', description: 'Path of the SARIF file; empty without one' },
  {
    name: 'exit-code',
    description: '0: nothing that fails the check; 1: findings; 2: failed or incomplete; 130: interrupted',
  },
] as const;

export type OutputName = (typeof OUTPUTS)[number]['name'];

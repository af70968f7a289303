/** Whether arguments are meant for gitleaks. Small, because every start asks. */
const VERBS = ['git', 'dir', 'file', 'directory', 'files', 'stdin', 'detect', 'protect', 'version'] as const;
export type GitleaksVerb = (typeof VERBS)[number];

/** Flags of gitleaks that take their value from the next argument, and may stand before the verb. */
const TAKES_VALUE = [
  '--config',
  '--report-path',
  '--report-format',
  '--report-template',
  '--baseline-path',
  '--gitleaks-ignore-path',
  '--exit-code',
  '--log-level',
  '--enable-rule',
  '--max-target-megabytes',
  '--max-decode-depth',
  '--max-archive-depth',
  '--timeout',
  '--diagnostics',
  '--diagnostics-dir',
  '--source',
  '-c',
  '-r',
  '-f',
  '-b',
  '-i',
  '-l',
  '-s',
];

/** The verb and where it stands; `undefined` for commands of our own. */
export function gitleaksVerb(
  args: readonly string[],
): { readonly verb: GitleaksVerb; readonly at: number } | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (TAKES_VALUE.includes(arg)) at++;
    else if (!arg.startsWith('-')) {
      const verb = VERBS.find((known) => known === arg);
      return verb === undefined ? undefined : { verb, at };
    }
  }
  return undefined;
}

/**
 * What somebody reads whose commit or push was stopped, and who has perhaps never heard of us. It holds nothing of a
 * credential but its mask, and nothing of a file but its name.
 */
import { plural, style, wrap, type Finding, type Style } from '@unleak/core';
import { findingLines } from './finding-lines.ts';

export interface StopMessageOptions {
  /** What was stopped. */
  readonly action: 'commit' | 'push';
  /** Those that stop it, worst first. */
  readonly findings: readonly Finding[];
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** How this program is called. */
  readonly command: string;
  /** `offered`: `--fix` can do something here, and was not given. */
  readonly fix: 'offered' | 'not offered';
  /** What `--fix` calls the variables, by the ids of the findings that it can take out. */
  readonly variables?: ReadonlyMap<string, string>;
  /** What `SKIP` has to hold to leave it out. */
  readonly skip: string;
}

/** As many are shown one by one. */
export const SHOWN_FINDINGS = 10;

/** Whole lines, with a line break at the end. */
export function stopMessage(options: StopMessageOptions): string {
  const { action, findings, colour, width, command, variables } = options;
  const paint = style(colour);
  const columns = Math.max(40, Math.min(width, 100));
  const shown = findings.slice(0, SHOWN_FINDINGS);
  const rest = findings.length - shown.length;
  const what = findings.length === 1 ? 'a credential' : plural(findings.length, 'credential');
  const told = action === 'commit' ? 'would bring in' : 'would send';
  return [
    ...wrap(`unleak: this ${action} was stopped, because it ${told} ${what} in clear text.`, columns).map(paint.bold),
    ...wrap('What is committed stays in the history of git, also when a later commit deletes it.', columns),
    '',
    ...shown.flatMap((finding) => [
      ...findingLines(finding, { action, width: columns, style: paint, command, variable: variables?.get(finding.id) }),
      '',
    ]),
    ...(rest > 0 ? [`and ${plural(rest, 'more finding')}: ${command} scan ${scope(action)} lists all`, ''] : []),
    paint.bold('How to go on'),
    ...(action === 'commit' ? commitSteps(options) : pushSteps(options)).flatMap((step) => item(step, columns, paint)),
    '',
  ].join('\n');
}

function scope(action: StopMessageOptions['action']): string {
  return action === 'commit' ? '--staged' : '--since <the last commit that was pushed>';
}

/** A sentence, or a sentence and a command to copy, which is not wrapped. */
type Step = string | { readonly text: string; readonly copy: string };

function item(step: Step, width: number, paint: Style): readonly string[] {
  const { text, copy } = typeof step === 'string' ? { text: step, copy: undefined } : step;
  return [
    ...wrap(text, width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
    ...(copy === undefined ? [] : [`      ${paint.bold(copy)}`]),
  ];
}

function commitSteps({ findings, fix, skip, command }: StopMessageOptions): readonly Step[] {
  const it = findings.length === 1 ? 'it' : 'them';
  return [
    `Take ${it} out of the staged files as said above, git add what you changed, and commit again.`,
    ...(fix === 'offered'
      ? [
          {
            text: 'Or have it done; this says what it would change, and asks:',
            copy: `${command} hook pre-commit --fix`,
          },
        ]
      : []),
    ...consoles(findings, 'If anybody else may have seen the value, replace it:'),
    `If this is no credential: accept it with a reason, as said above; the reason is kept for those who come after you.`,
    `To skip this once: SKIP=${skip} git commit … or git commit --no-verify. The scan in CI will see it all the same, and the value will be in the history.`,
  ];
}

function pushSteps({ findings, skip }: StopMessageOptions): readonly string[] {
  return [
    'The commits are on this machine alone, so they can still be written anew: for the last one, edit the file, git add it and git commit --amend; for an earlier one, git rebase -i <commit>^ and edit that commit. A new commit that deletes the value is not enough.',
    ...consoles(findings, 'If anybody else may have seen the value, replace it:'),
    'If this is no credential: accept it with a reason, as said above; the reason is kept for those who come after you.',
    `To skip this once: SKIP=${skip} git push … or git push --no-verify. The scan in CI will see it all the same, and so does everybody who can read the remote.`,
  ];
}

/** Where credentials are replaced, as the rules know it. */
function consoles(findings: readonly Finding[], intro: string): readonly string[] {
  const urls = [...new Set(findings.flatMap(({ console }) => (console === undefined ? [] : [console])))];
  if (urls.length === 0) return [];
  return [`${intro} ${urls.slice(0, 3).join(' , ')}${urls.length > 3 ? ' …' : ''}`];
}

/** What is said of a scan that did not see everything: never that all is well. */
import { neutralise, plural, wrap, type NotScanned, type OnTimeout } from '@unleak/core';

export interface UnfinishedOptions {
  readonly action: 'commit' | 'push';
  readonly notScanned: readonly NotScanned[];
  readonly width: number;
  /** Something else stops it anyway, such as a finding. */
  readonly isStopped: boolean;
}

export interface OutOfTimeOptions extends UnfinishedOptions {
  /** How this program is called. */
  readonly command: string;
  /** Milliseconds that there were. */
  readonly budget: number;
  readonly onTimeout: OnTimeout;
}

const NAMES = 20;

/** Time was over. Whole lines, with a line break at the end. */
export function outOfTimeMessage({
  action,
  notScanned,
  width,
  isStopped,
  command,
  budget,
  onTimeout,
}: OutOfTimeOptions): string {
  const left = notScanned.filter(({ state, reason }) => state === 'failed' && reason === 'interrupted');
  // The last word on a scan that was stopped counts everything; names are those of texts.
  const names = left.filter(({ detail }) => detail === undefined).map(({ where }) => where);
  const verdict = isStopped
    ? ''
    : onTimeout === 'pass'
      ? ` This ${action} goes on, and nobody has looked at the rest: ${command} scan ${action === 'commit' ? '' : '--branch HEAD '}looks at everything.`
      : ` This ${action} is stopped because of that (hook.onTimeout: stop).`;
  const what = names.length === 0 ? overall(left) : `${plural(names.length, 'file was', 'files were')} not scanned`;
  return lines(
    `unleak: ${seconds(budget)} are over (hook.${action === 'commit' ? 'budget' : 'pushBudget'}), and ${what}.${verdict}`,
    names,
    width,
  );
}

/** Something failed. Whole lines, with a line break at the end. */
export function failedMessage({ action, notScanned, width, isStopped }: UnfinishedOptions): string {
  const failed = notScanned.filter(({ state, reason }) => state === 'failed' && reason !== 'interrupted');
  const verdict = isStopped
    ? ''
    : ` This ${action} is stopped: what was not scanned may hold a credential. To skip this once: git ${action} --no-verify`;
  return lines(`unleak: the scan of this ${action} failed in part.${verdict}`, failed.map(problem), width);
}

/** What the operator asked to be a failure (`strict`): policy left it out. */
export function strictMessage({ action, notScanned, width }: Omit<UnfinishedOptions, 'isStopped'>): string {
  return lines(
    `unleak: this ${action} is stopped: with strict, what is left out counts as not scanned.`,
    notScanned.map(problem),
    width,
  );
}

function overall(left: readonly NotScanned[]): string {
  const [last] = left;
  return last?.detail === undefined
    ? 'not everything was scanned'
    : `not everything was scanned (${last.where}, ${last.detail})`;
}

const REASONS: Readonly<Partial<Record<NotScanned['reason'], string>>> = {
  unreadable: 'it cannot be read',
  'not-found': 'it is not there',
  'not-a-repository': 'it is no git repository',
  corrupt: 'git has a damaged copy of it',
  missing: 'git does not have it',
  'cut-off': 'the history ends there',
  'unresolvable-base': 'the commit to compare with is not there',
  'git-failed': 'git failed',
};

function problem({ where, reason, detail, count }: NotScanned): string {
  const counted = count === undefined ? '' : ` (${count})`;
  return `${where}${counted}: ${REASONS[reason] ?? reason.replaceAll('-', ' ')}${detail === undefined ? '' : `: ${detail}`}`;
}

function lines(intro: string, items: readonly string[], width: number): string {
  const rest = items.length - NAMES;
  return [
    ...wrap(neutralise(intro), Math.max(40, Math.min(width, 100))),
    ...items.slice(0, NAMES).map((item) => `  ${neutralise(item)}`),
    ...(rest > 0 ? [`  and ${plural(rest, 'more', 'more')}`] : []),
    '',
  ].join('\n');
}

function seconds(milliseconds: number): string {
  const value = Math.round(milliseconds) / 1000;
  return value === 1 ? '1 second' : `${value} seconds`;
}

/**
 * `--log-opts`: options of `git log` that choose commits. They are split here, without a shell, and only those that
 * choose commits go on to git; whatever could write a file or run a program is refused.
 */
import { UsageError } from '../../usage-error.ts';

export interface CommitChoice {
  /** For `git rev-list`: options. */
  readonly options: readonly string[];
  /** For `git rev-list`: revisions and ranges, none of which begins with a dash. */
  readonly revisions: readonly string[];
  /** Paths that limit what is reported. */
  readonly paths: readonly string[];
}

/** Alone. */
const PLAIN = [
  '--all',
  '--branches',
  '--tags',
  '--remotes',
  '--not',
  '--no-merges',
  '--merges',
  '--first-parent',
  '--ancestry-path',
  '--full-history',
  '--simplify-by-decoration',
  '--no-min-parents',
  '--no-max-parents',
  '--regexp-ignore-case',
  '-i',
  '--extended-regexp',
  '-E',
  '--fixed-strings',
  '-F',
  '--perl-regexp',
  '-P',
  '--invert-grep',
  '--all-match',
  '--cherry-pick',
  '--left-only',
  '--right-only',
  '--exclude-first-parent-only',
] as const;

/** With a value, behind `=` or in the next word. */
const VALUED = [
  '--since',
  '--after',
  '--until',
  '--before',
  '--since-as-filter',
  '--max-count',
  '--skip',
  '--author',
  '--committer',
  '--grep',
  '--min-parents',
  '--max-parents',
] as const;

/** Only behind `=`. */
const PATTERNED = [
  '--branches',
  '--tags',
  '--remotes',
  '--glob',
  '--exclude',
  '--max-count',
  '--ancestry-path',
] as const;

/** They change how a log looks, not which commits it holds. */
const WITHOUT_EFFECT = [
  '-p',
  '-u',
  '--patch',
  '-U0',
  '--unified=0',
  '--reverse',
  '--topo-order',
  '--date-order',
  '--author-date-order',
  '--oneline',
  '--no-color',
  '--color=never',
  '--no-ext-diff',
  '--no-textconv',
  '-m',
  '-c',
  '--cc',
  '--diff-filter=tuxdb',
  '--full-index',
  '--no-renames',
  '--no-notes',
  '--no-decorate',
] as const;

/** @throws UsageError for what is not on the lists */
export function readLogOptions(text: string): CommitChoice {
  const words = splitWords(text);
  const options: string[] = [];
  const revisions: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return { options, revisions, paths: words.slice(at + 1) };
    if (!word.startsWith('-')) {
      revisions.push(word);
      continue;
    }
    const name = word.split('=')[0] ?? '';
    const hasValue = word.includes('=');
    if (has(WITHOUT_EFFECT, word)) continue;
    if (
      /^-\d+$/.test(word) ||
      /^-n\d+$/.test(word) ||
      (!hasValue && has(PLAIN, word)) ||
      (hasValue && (has(PATTERNED, name) || has(VALUED, name)))
    )
      options.push(word);
    else if (has(VALUED, word) || word === '-n') {
      const value = words[++at];
      if (value === undefined) throw new UsageError(`--log-opts: ${word} needs a value`);
      options.push(word === '-n' ? `--max-count=${value}` : `${word}=${value}`);
    } else
      throw new UsageError(
        `--log-opts: ${word} is not accepted; ranges, revisions and the options of git rev-list that choose commits are`,
      );
  }
  return { options, revisions, paths: [] };
}

function has(list: readonly string[], word: string): boolean {
  return list.includes(word);
}

/** At blanks outside quotation marks, single or double; a backslash takes the next character as it is. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (quote !== '' ? c === quote : c === '"' || c === "'") {
      quote = quote === '' ? c : '';
      word ??= '';
    } else if (c === '\\' && quote !== "'" && at + 1 < text.length) word = (word ?? '') + text.charAt(++at);
    else if (quote === '' && (c === ' ' || c === '\t' || c === '\n')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') throw new UsageError('--log-opts: a quotation mark is never closed');
  if (word !== undefined) words.push(word);
  return words;
}

import { latin1Text } from '../bytes/ascii.ts';
import { splitWords } from './split-words.ts';

const PREFIX = 'secretlint-rule-';

/** Where their word for a provider is another one than ours. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['gcp', 'google'],
  ['privatekey', 'private-key'],
  ['database-connection-string', 'database-url'],
  ['basicauth', 'url-credentials'],
]);

/**
 * The rules that a secretlint comment names after its directive (`@secretlint/secretlint-rule-github, …`), as selectors
 * of our rules (`provider:github`). Empty: it names none and means all. Text after `--` is a remark.
 */
export function secretlintRules(text: Uint8Array, from: number, end: number): readonly string[] {
  const options = latin1Text(text.subarray(from, end)).split(' -- ', 1)[0] ?? '';
  return splitWords(options, ' \t\r,')
    .filter((word) => word.includes(PREFIX))
    .map((word) => {
      // A message id may follow the rule's.
      const name = splitWords(word.slice(word.indexOf(PREFIX) + PREFIX.length), ':/*')[0] ?? '';
      return `provider:${PROVIDERS.get(name) ?? name}`;
    });
}

/** Words of a POSIX shell, in scripts and in commands to copy. */

/** One word, whatever is in it but a NUL. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same, without quotation marks where a person needs none. */
export function shellArgument(text: string): string {
  return [...text].every((character) => PLAIN.has(character)) && text !== '' && !text.startsWith('-')
    ? text
    : shellQuoted(text);
}

/** In which no shell sees more than a character. */
const PLAIN = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./@%+=:,-');

/** One word of a POSIX shell, whatever is in it but a NUL. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The file `.env`: names and values, as the programs that read it understand them. */

/** What a line says; the last one of a name counts. */
export function parseDotenv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/.exec(line);
    if (found?.[1] !== undefined) values.set(found[1], unquoted(found[2] ?? ''));
  }
  return values;
}

function unquoted(text: string): string {
  const quote = text.charAt(0);
  if (quote === "'" || quote === '"' || quote === '`') {
    const end = text.indexOf(quote, 1);
    if (end > 0) return text.slice(1, end);
  }
  return text.replace(/\s+#.*$/, '').trim();
}

/**
 * A value as every reader of such files understands it; undefined where they differ: shells, Docker and the libraries
 * agree on plain words and on quotes around text without quotes, dollars and backslashes.
 */
export function dotenvValue(value: string): string | undefined {
  if (/^[A-Za-z0-9_./+=:@%,-]+$/.test(value)) return value;
  if (!/^[\x20-\x7e]+$/.test(value)) return undefined;
  if (!value.includes("'")) return `'${value}'`;
  return /["\\$`]/.test(value) ? undefined : `"${value}"`;
}

/** `wanted`, or with a number behind it, so that no other value has the name already. */
export function freeName(wanted: string, value: string, taken: ReadonlyMap<string, string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    const there = taken.get(name);
    if (there === undefined || there === value) return name;
  }
}

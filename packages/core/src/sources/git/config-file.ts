/**
 * The few facts that are needed from a repository's own configuration: format version, extensions, promisor remotes.
 * It is the target's text: nothing in it is ever given to git, `include` is not followed, and what is not understood
 * is passed over.
 */

/** Keys as git spells them: `section.key` or `section.subsection.key`, section and key in lower case; the last value wins. */
export function parseGitConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const raw of text.split('\n')) {
    let line = raw.trim();
    if (line.startsWith('[')) {
      const end = line.lastIndexOf(']');
      if (end < 0) continue;
      section = sectionName(line.slice(1, end));
      line = line.slice(end + 1).trim();
    }
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const equals = line.indexOf('=');
    const key = (equals < 0 ? line : line.slice(0, equals)).trim().toLowerCase();
    values.set(`${section}.${key}`, equals < 0 ? 'true' : plainValue(line.slice(equals + 1)));
  }
  return values;
}

function sectionName(header: string): string {
  const quote = header.indexOf('"');
  if (quote < 0) return header.trim().toLowerCase();
  const end = header.lastIndexOf('"');
  return `${header.slice(0, quote).trim().toLowerCase()}.${header.slice(quote + 1, Math.max(end, quote + 1))}`;
}

/** Quotes and trailing comments removed; escapes are kept, since no value that matters here has any. */
function plainValue(text: string): string {
  const value = text.trim();
  if (value.startsWith('"')) {
    const end = value.indexOf('"', 1);
    return end < 0 ? value.slice(1) : value.slice(1, end);
  }
  const hash = value.indexOf('#');
  const semicolon = value.indexOf(';');
  const ends = [hash, semicolon].filter((at) => at >= 0);
  return (ends.length === 0 ? value : value.slice(0, Math.min(...ends))).trim();
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['true', 'yes', 'on', '1'].includes(value.toLowerCase());
}

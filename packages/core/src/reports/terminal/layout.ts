/** Lines of at most `width` characters, broken at spaces; a longer word stays whole. Never empty. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** The text, or its beginning and an ellipsis, in at most `width` characters. */
export function clip(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** `1 credential`, `2,345 credentials`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** With a comma between groups of three digits, in every locale. */
export function grouped(count: number): string {
  let text = String(count);
  let out = '';
  while (text.length > 3) {
    out = `,${text.slice(-3)}${out}`;
    text = text.slice(0, -3);
  }
  return text + out;
}

/** Decimal units: 999 bytes, 1.2 kB, 5.6 MB. */
export function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** The parts of `text` between any of the characters in `separators`; empty parts are left out. No regular expression: the text is scanned input. */
export function splitWords(text: string, separators: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !separators.includes(text.charAt(i))) continue;
    if (i > start) words.push(text.slice(start, i));
    start = i + 1;
  }
  return words;
}

import { isUnsafeToShow } from '../bytes/display.ts';

/**
 * JSON that is also safe on a terminal: bidi, C1 and invisible characters are `\u` escapes, which every parser reads as
 * the same text. `undefined` members are left out.
 */
export function jsonText(value: unknown, indent?: number | string): string {
  const text = JSON.stringify(value, null, indent);
  let out = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x7f) continue;
    const codePoint = text.codePointAt(i) ?? 0;
    const width = codePoint > 0xffff ? 2 : 1;
    if (isUnsafeToShow(codePoint)) {
      out += text.slice(copied, i);
      for (let unit = i; unit < i + width; unit++) out += `\\u${text.charCodeAt(unit).toString(16).padStart(4, '0')}`;
      copied = i + width;
    }
    i += width - 1;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** An indented array, in pieces: one per item, so that no report has to be one string. No line break at the end. */
export function* jsonArray<T>(
  items: readonly T[],
  toValue: (item: T) => unknown,
  indent: string,
  depth = 0,
): Generator<string> {
  const outer = indent.repeat(depth);
  let first = true;
  for (const item of items) {
    yield first ? '[\n' : ',\n';
    first = false;
    const inner = outer + indent;
    yield inner + jsonText(toValue(item), indent).replaceAll('\n', `\n${inner}`);
  }
  yield first ? '[]' : `\n${outer}]`;
}

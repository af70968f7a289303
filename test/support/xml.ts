/** A strict little XML reader for tests: elements, attributes, text; throws on what is not well-formed. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TAG = /<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|<\?xml [^>]*\?>|([^<]+)/gy;

export function parseXml(source: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const stack: Element[] = [root];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < source.length) {
    const start = TAG.lastIndex;
    const match = TAG.exec(source);
    if (match === null) throw new Error(`not well-formed at ${start}: ${source.slice(start, start + 40)}`);
    const [, close, name, attributes = '', empty, text] = match;
    const parent = stack.at(-1) ?? root;
    if (text !== undefined) parent.text += unescape(text);
    else if (name === undefined) continue;
    else if (close === '/') {
      if (stack.pop()?.name !== name) throw new Error(`unexpected </${name}>`);
    } else {
      const pairs = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(
        ([, key = '', value = '']) => [key, unescape(value)] as const,
      );
      if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`an attribute twice in <${name}>`);
      const element: Element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') stack.push(element);
    }
  }
  const [only] = root.children;
  if (stack.length !== 1 || only === undefined || root.children.length !== 1) throw new Error('not one whole element');
  return only;
}

function unescape(text: string): string {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error('a character that XML does not allow');
  return text.replace(
    /&(?:([a-z]+)|#(\d+)|#x([0-9A-Fa-f]+));|&/g,
    (all, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      const value = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name ?? ''];
      if (value === undefined) throw new Error(`unknown reference ${all}`);
      return value;
    },
  );
}

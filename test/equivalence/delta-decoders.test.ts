/** Groups 23 and 24: what is encoded, where an edit touches what decides on its beginning and end. */
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../packages/core/src/engine/scanner.ts';
import { testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { type ChainText, scanChain, type Step } from '../support/delta-chain.ts';
import { TOKEN } from '../support/delta-rules.ts';

const scanner = createScanner(testRuleset(TOKEN));
const REST = 1_000_000;
const HIT = 'token: ghp_abababab';

/** Plain text with a token in its middle, so long. */
function plain(length: number): string {
  return `Aa9 xyz ghp_abababab Zz1 ${'kL7 mn; '.repeat(length / 8)}`.slice(0, length);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Lines of so many characters. */
function wrapped(text: string, width: number, end = '\n'): string {
  return text.match(new RegExp(`.{1,${width}}`, 'gs'))?.join(end) ?? '';
}

function insertAt(at: number, insert: string, over = 0): Step {
  return [{ copy: [0, at] }, { insert }, { copy: [at + over, REST] }];
}

function counts(texts: readonly ChainText[]): readonly number[] {
  return texts.map(({ hits }) => hits.length);
}

describe('23: runs of base64', () => {
  const run = base64(plain(48));

  test('a byte at the beginning shifts all that follows, and four bring it back', () => {
    const text = `v = "${run}";`;
    const texts = scanChain(
      scanner,
      text,
      insertAt(5, 'D'),
      insertAt(5, 'J'),
      insertAt(5, 'U'),
      insertAt(5, 'Q'),
      insertAt(5, '', 4),
    );
    expect(counts(texts)).toEqual([1, 0, 0, 0, 1, 1]);
  });

  test('a byte of the alphabet joins two runs, and goes', () => {
    const texts = scanChain(scanner, `${base64('Zz9 some')}.${run}`, insertAt(12, 'Q', 1), insertAt(12, '.', 1));
    expect(counts(texts)).toEqual([1, 0, 1]);
  });

  test('a line feed splits a run at every place', () => {
    const text = `x ${run} y`;
    for (let at = 2; at <= text.length; at += 1)
      expect(counts(scanChain(scanner, text, insertAt(at, '\n'), insertAt(at, '', 1))).at(-1)).toBe(1);
  });

  test('the length of the first line changes, and with it what the lines are', () => {
    const lines = wrapped(base64(`${plain(120)}${plain(60)}`), 64);
    const texts = scanChain(
      scanner,
      `begin\n${lines}\nend`,
      insertAt(10, 'QQQQ'),
      insertAt(10, '', 4),
      insertAt(10, '', 4),
      insertAt(10, lines.slice(4, 8)),
    );
    expect(texts[0]?.hits).toEqual([HIT, HIT]);
    expect(texts.map(({ regions }) => regions > 0)).toEqual(texts.map(() => true));
  });

  test('lines before a wrapped block come, go, and change their length', () => {
    const lines = wrapped(base64(plain(150)), 64);
    const more = lines.slice(0, 64);
    const texts = scanChain(
      scanner,
      `.\n${lines}`,
      insertAt(2, `${more}\n`),
      insertAt(2, 'Q'),
      insertAt(2, '', 1),
      insertAt(2, '', 65),
      insertAt(2, '  '),
      insertAt(0, more, 1),
      insertAt(64, '\r'),
      insertAt(0, '!'),
    );
    expect(texts[0]?.hits).toEqual([HIT]);
  });

  test('each line end of a wrapped block goes, changes and comes back', () => {
    const lines = wrapped(base64(plain(240)), 64);
    for (let at = lines.indexOf('\n'); at > 0; at = lines.indexOf('\n', at + 1)) {
      const texts = scanChain(
        scanner,
        `x\n${lines}\ny`,
        insertAt(2 + at, '', 1),
        insertAt(2 + at, '\n'),
        insertAt(2 + at, '\r\n', 1),
        insertAt(2 + at, '\n\n', 2),
        insertAt(2 + at, '\n\t ', 2),
        insertAt(2 + at, '\n', 3),
      );
      expect(texts.at(-1)?.bytes).toEqual(texts[0]?.bytes);
      expect(texts[0]?.hits).toEqual([HIT]);
    }
  });

  test('a run of 23 bytes, of 24, and at the ends of the text', () => {
    const text = base64('A9 ghp_abababab;z');
    expect(text.length).toBe(24);
    const shorter = text.slice(0, 23);
    const texts = scanChain(
      scanner,
      shorter,
      insertAt(23, text.slice(23)),
      insertAt(0, '.'),
      insertAt(25, '.'),
      [{ copy: [1, 24] }],
      [{ copy: [0, 23] }],
    );
    expect(texts.map(({ bytes }) => bytes.length)).toEqual([23, 24, 25, 26, 24, 23]);
  });

  test('a region that is copied with all that decided on it is not decoded again', () => {
    const text = `first "${run}" last`;
    const texts = scanChain(scanner, text, insertAt(0, 'more '), insertAt(text.length + 5, ' more'));
    expect(counts(texts)).toEqual([1, 1, 1]);
    const { memory } = scanner.scanText(Buffer.from(text), { remember: true });
    if (memory === undefined) throw new Error('nothing was remembered');
    const again = scanner.scanText(Buffer.from(text), {
      remember: true,
      inherit: { base: memory, copies: Int32Array.of(0, 0, text.length) },
    });
    const [key, part] = [...memory.regions][0] ?? [];
    expect(key).toBeDefined();
    expect(again.memory?.regions.get(key ?? -1)).toBe(part);
  });

  test.each([
    ['hex', (text: string) => Buffer.from(text).toString('hex')],
    ['percent', (text: string) => [...Buffer.from(text)].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')],
    ['unicode', (text: string) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['html', (text: string) => [...text].map((c) => `&#${c.charCodeAt(0)};`).join('')],
  ])('%s with a byte changed at every place, and changed back', (_, encode) => {
    const text = `v="${encode('a1 ghp_abababab z')}";`;
    for (let at = 0; at < text.length; at += 1) {
      const texts = scanChain(scanner, text, insertAt(at, '"', 1), insertAt(at, text.charAt(at), 1));
      expect(texts[0]?.hits).toEqual([HIT]);
      expect(texts[2]?.hits).toEqual([HIT]);
    }
  });
});

describe('24: encoded twice and more', () => {
  const inner = 'token is ghp_abababab for this';
  const wide = Buffer.from(inner, 'utf16le');

  test('base64 of base64 of UTF-16, edited in the middle, and mended', () => {
    const text = `x ${Buffer.from(Buffer.from(wide).toString('base64')).toString('base64')} y`;
    const texts = scanChain(scanner, text, insertAt(40, '-', 1), insertAt(40, text.charAt(40), 1), insertAt(2, 'QQ'));
    expect(texts[0]?.hits).toEqual([HIT]);
    expect(texts[2]?.hits).toEqual([HIT]);
  });

  test('three times deep is seen, four times is not', () => {
    const deep = (times: number): string => {
      let text = `Aa1 ${inner} Zz9`;
      for (let i = 0; i < times; i += 1) text = base64(text);
      return text;
    };
    for (const [times, seen] of [[3, 1] as const, [4, 0] as const]) {
      const text = `"${deep(times)}"`;
      const texts = scanChain(scanner, text, insertAt(0, 'v = '), insertAt(60, '', 1), insertAt(60, text.charAt(56)));
      expect([counts(texts)[0], counts(texts)[1], counts(texts)[3]]).toEqual([seen, seen, seen]);
    }
  });

  test('UTF-16 of which the first byte goes, and comes back', () => {
    const texts = scanChain(
      scanner,
      wide,
      [{ copy: [1, REST] }],
      [{ insert: wide.subarray(0, 1) }, { copy: [0, REST] }],
      [{ insert: Buffer.from([0xff, 0xfe]) }, { copy: [0, REST] }],
      [{ copy: [0, 30] }, { insert: 'x' }, { copy: [30, REST] }],
      [{ copy: [0, 30] }, { copy: [31, REST] }],
    );
    expect(counts(texts)).toEqual([1, 1, 1, 1, 0, 1]);
  });

  test('a text gets its first NUL, and loses its last', () => {
    const texts = scanChain(
      scanner,
      'plain text',
      [{ copy: [0, REST] }, { insert: wide }],
      [{ copy: [0, 10] }, { copy: [11, REST] }],
      [{ copy: [0, 10] }],
      [{ insert: wide.subarray(0, 30) }, { copy: [0, REST] }],
    );
    expect(counts(texts).slice(0, 2)).toEqual([0, 1]);
    expect(counts(texts)[3]).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import { parseRe2 } from './re2-syntax.ts';
import { reachOf } from './reach.ts';
import { assignPattern, nearPattern } from './shorthand.ts';

// 32 hexadecimal digits, made here: V stands for them below.
const VALUE = Array.from({ length: 32 }, (_, i) => ((i * 7 + 3) % 16).toString(16)).join('');
const fill = (text: string): Buffer => Buffer.from(text.replaceAll('V', VALUE));

function secretIn(pattern: string, text: string): string | undefined {
  const bytes = fill(text);
  const span = compile(pattern).search(bytes, 0, bytes.length)?.groups['secret'];
  return span === undefined ? undefined : bytes.subarray(span.start, span.end).toString();
}

describe('assign finds the value in the syntaxes that people write', () => {
  const pattern = assignPattern({ name: 'heroku', value: '[0-9a-f]{32}' });

  test.each([
    // Environment, shell, command lines
    'HEROKU_API_KEY=V',
    'export HEROKU_KEY="V"',
    "HEROKU_KEY='V';",
    '$env:HEROKU_KEY = "V"',
    'setx HEROKU_KEY V',
    'ENV HEROKU_KEY V',
    '--heroku-key V',
    '--heroku-key=V',
    '-Dheroku.key=V',
    '${HEROKU_KEY:-V}',
    'HEROKU_KEY?=V',
    'heroku login --token V',
    'HEROKU_KEY   =   V',
    // Data
    'heroku.apiKey: "V"',
    '"heroku_key": "V"',
    '"heroku_key":\n    "V"',
    '{\\"heroku_key\\":\\"V\\"}',
    'heroku_key: >-\n  V',
    'heroku_key: |\n    V\n',
    'heroku_keys:\n  - V',
    'heroku_keys: ["V"]',
    'heroku_key: !!str V',
    'heroku:\n  api_key: V',
    'heroku:\n  name: foo\n  region: eu\n  token: "V"',
    '[heroku]\nname = x\nsecret=V',
    '- name: HEROKU_KEY\n  value: "V"',
    '{"name":"HEROKU_KEY","value":"V"}',
    '"heroku": {"token": "V"}',
    'variable "heroku_key" {\n  type = string\n  default = "V"',
    '| HEROKU_KEY | V |',
    '"HEROKU_KEY=V\\n"',
    'heroku: V',
    '{"heroku_key": {"value": "V"}}',
    // XML
    '<heroku-key>V</heroku-key>',
    '<add key="heroku-key" value="V"/>',
    '<string name="heroku_key">V</string>',
    '<key>HerokuKey</key>\n\t<string>V</string>',
    '<string name="heroku_key" translatable="false">V</string>',
    '<name>heroku.key</name><value>V</value>',
    '&quot;heroku_key&quot;:&quot;V&quot;',
    // Code
    "'heroku' => 'V'",
    'heroku_key := "V"',
    'setHerokuKey("V")',
    'heroku.key("V")',
    'herokuToken = new Token("V")',
    'export const HEROKU_KEY: string = "V"',
    'const HEROKU_KEY: &\'static str = "V";',
    'client(heroku_key="V")',
    'const herokuKey = `V`',
    'os.environ["HEROKU_KEY"] = "V"',
    "ENV['HEROKU_KEY'] ||= 'V'",
    'os.getenv("HEROKU_KEY", "V")',
    'os.getenv("HEROKU_KEY") or "V"',
    'process.env.HEROKU_KEY || "V"',
    'process.env.HEROKU_KEY ?? "V"',
    'if (herokuKey == "V")',
    'herokuKey.equals("V")',
    'new HerokuClient("V")',
    'heroku.New(ctx, "V")',
    'heroku_key: SecretStr = SecretStr("V")',
    '#define HEROKU_KEY @"V"',
    "define('HEROKU_KEY', 'V');",
    'heroku_key <- "V"',
    'heroku_key = b"V"',
    'heroku_key = """V"""',
    'NSString *herokuKey = @"V";',
    'var herokuKey string = "V"',
    'import heroku\nheroku.configure(api_key="V")',
    // Headers and URLs
    'X-Heroku-Key: V',
    'curl https://api.heroku.com/apps -H "Authorization: Bearer V"',
    'curl https://api.heroku.com/apps \\\n  -H "Authorization: Bearer V"',
    'https://api.heroku.com/v1/x?token=V&x=1',
    'heroku_key=%22V%22',
    // Prose
    'Heroku API key: V',
    'The heroku token is V.',
  ])('%j', (text) => {
    expect(secretIn(pattern, text)).toBe(VALUE);
  });

  test.each([
    'heroku-V.js',
    'heroku/V',
    'heroku@sha256:V',
    'heroku commit V',
    'heroku V',
    'heroku_key=V1',
    'heroku_key=V-x',
    'heroku_key=V.js',
    'herokuV',
    'key=V',
  ])('but not in %j', (text) => {
    expect(secretIn(pattern, text)).toBeUndefined();
  });

  test('the value that stands nearest is taken', () => {
    const other = VALUE.split('').reverse().join('');
    expect(secretIn(pattern, `heroku:\n  key: V\n  old_key: ${other}`)).toBe(VALUE);
  });

  test('it can run around its keyword, in a window of half a kilobyte', () => {
    const { reach } = reachOf(parseRe2(pattern), { keywords: ['heroku'], pem: false });
    expect(reach).toMatchObject({ class: 'bounded', back: 0 });
    expect(reach.forward).toBeLessThan(512);
  });

  test('the value is case-sensitive, its name is not', () => {
    expect(secretIn(pattern, 'HEROKU_KEY=V'.replace('V', VALUE.toUpperCase()))).toBeUndefined();
    expect(
      secretIn(
        assignPattern({ name: 'heroku', value: '(?i:[0-9a-f]{32})' }),
        'HeRoKu_KEY=V'.replace('V', VALUE.toUpperCase()),
      ),
    ).toBe(VALUE.toUpperCase());
  });

  test('a secret group of the value is kept', () => {
    const inner = assignPattern({ name: 'heroku', value: 'key-(?P<secret>[0-9a-f]{32})' });
    expect(secretIn(inner, 'heroku_key = key-V')).toBe(VALUE);
  });

  test('what may follow depends on the alphabet of the value', () => {
    const base64 = assignPattern({ name: 'heroku', value: '[0-9a-f+/]{32}' });
    expect(secretIn(base64, 'heroku_key=V/x')).toBeUndefined();
    expect(secretIn(pattern, 'https://heroku_key:V@host/')).toBe(VALUE);
  });
});

describe('a word edge in the name also parts the words of identifiers', () => {
  const pattern = assignPattern({ name: '(?:^|[^a-z])lob(?:[^a-z]|$)', value: '[0-9a-f]{32}' });
  test.each([
    'LOB_KEY=V',
    'lob=V',
    'lob="V"',
    'myLobKey: "V"',
    'lobKey = "V"',
    'Lob.api_key = "V"',
    'lob:\n  key: V',
    'new Lob("V")',
    'test_lob(key="V")',
    'LobApiKey=V',
    'lob "V"',
  ])('%j', (text) => {
    expect(secretIn(pattern, text)).toBe(VALUE);
  });
  test.each(['BLOB_KEY=V', 'blob=V', 'lobster=V', 'globKey=V', 'LOBSTER_KEY=V', 'LobsterKey=V', 'blobKey = "V"'])(
    'but not in %j',
    (text) => {
      expect(secretIn(pattern, text)).toBeUndefined();
    },
  );
  test('\\b is such an edge too, and one side may be open', () => {
    const open = assignPattern({ name: '\\blob', value: '[0-9a-f]{32}' });
    expect(secretIn(open, 'my_lobKey=V')).toBe(VALUE);
    expect(secretIn(open, 'myLobsterKey=V')).toBe(VALUE);
    expect(secretIn(open, 'BLOB_KEY=V')).toBeUndefined();
  });
});

describe('near', () => {
  const pattern = nearPattern({ name: 'heroku', value: '[0-9a-f]{32}' });
  test.each(['heroku V', 'Heroku: V', 'https://heroku.com/V', 'heroku (V)', 'heroku\n  V'])('%j', (text) => {
    expect(secretIn(pattern, text)).toBe(VALUE);
  });
  test.each(['herokuV', 'heroku xV', 'heroku Vx', `heroku${' '.repeat(41)}V`, 'heroku é V'])(
    'but not in %j',
    (text) => {
      expect(secretIn(pattern, text)).toBeUndefined();
    },
  );
  test('the gap is counted in bytes between name and value', () => {
    expect(secretIn(nearPattern({ name: 'heroku', value: '[0-9a-f]{32}', gap: 3 }), 'heroku...V')).toBe(VALUE);
    expect(secretIn(nearPattern({ name: 'heroku', value: '[0-9a-f]{32}', gap: 2 }), 'heroku...V')).toBeUndefined();
  });
  test('name and value may touch where their characters keep them apart', () => {
    expect(
      secretIn(nearPattern({ name: 'hooks\\.heroku\\.com/', value: '[0-9a-f]{32}' }), 'https://hooks.heroku.com/V'),
    ).toBe(VALUE);
    expect(secretIn(nearPattern({ name: 'bot', value: '[0-9]{4}:[0-9a-f]{32}' }), '/bot1234:V/send')).toBe(
      `1234:${VALUE}`,
    );
  });
});

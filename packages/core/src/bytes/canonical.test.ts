import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalIdentity } from './canonical.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** Puts together what would look like a key if it stood here as it is. */
const DASHES = '-'.repeat(5);
const armour = (label: string, lines: readonly string[], end = '\n'): string =>
  [`${DASHES}BEGIN ${label}${DASHES}`, ...lines, `${DASHES}END ${label}${DASHES}`].join(end);
const wrap = (text: string, width: number): string[] =>
  Array.from({ length: Math.ceil(text.length / width) }, (_, i) => text.slice(i * width, (i + 1) * width));

const LABEL = ['RSA', 'PRIVATE KEY'].join(' ');

const ssh2 = (edge: string): string => ['----', edge, 'SSH2', 'PRIVATE', 'KEY', '----'].join(' ');

/** Every way to write one key that people were seen to use. */
const WRITINGS: Readonly<Record<string, (base64: string) => string>> = {
  'lines of 76': (b) => armour(LABEL, wrap(b, 76)),
  CRLF: (b) => armour(LABEL, wrap(b, 64), '\r\n'),
  'another label': (b) => armour('PRIVATE KEY', wrap(b, 64)),
  indented: (b) => armour(LABEL, wrap(b, 64), '\n      '),
  'trailing blanks': (b) => armour(LABEL, wrap(b, 64), '  \t\n'),
  'one line, escaped': (b) => armour(LABEL, wrap(b, 64), '\\n'),
  'one line, escaped twice': (b) => armour(LABEL, wrap(b, 64), '\\\\n'),
  'one line, escaped CRLF': (b) => armour(LABEL, wrap(b, 64), '\\r\\n'),
  'joined by blanks': (b) => armour(LABEL, wrap(b, 64), ' '),
  'not wrapped': (b) => armour(LABEL, [b]),
  'JSON with escaped slashes': (b) => armour(LABEL, wrap(b, 64), '\\n').replaceAll('/', '\\/'),
  'JSON with escaped pluses': (b) =>
    armour(LABEL, wrap(b, 64), '\\n').replaceAll('+', '\\u002b').replaceAll('=', '\\u003d'),
  'strings joined in code': (b) => armour(LABEL, wrap(b, 64), "\\n' +\n    '"),
  'a list of strings': (b) => armour(LABEL, wrap(b, 64), '",\n  "'),
  'escaped quotes': (b) => armour(LABEL, wrap(b, 64), '\\n\\", \\"'),
  'commented with #': (b) => armour(LABEL, wrap(b, 40), '\n# '),
  'commented with //': (b) => armour(LABEL, wrap(b, 40), '\n// '),
  'added in a patch': (b) => armour(LABEL, wrap(b, 40), '\n+'),
  'continued lines of a shell': (b) => armour(LABEL, wrap(b, 64), '\\\n'),
  'with headers': (b) =>
    armour(LABEL, ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,0011AABB', '', ...wrap(b, 64)]),
  'PGP armour with checksum': (b) =>
    armour('PGP PRIVATE KEY BLOCK', ['Version: GnuPG v2', '', ...wrap(b, 64), '=AbC4']),
  'a header with an apostrophe': (b) => armour('PGP PRIVATE KEY BLOCK', ["Comment: Ann's key", '', ...wrap(b, 64)]),
  SSH2: (b) => [ssh2('BEGIN'), 'Comment: "rsa key"', ...wrap(b, 70), ssh2('END')].join('\n'),
  PuTTY: (b) =>
    [
      'PuTTY-User-Key-File-2: ssh-rsa',
      'Encryption: none',
      "Comment: Ann's",
      'Private-Lines: 4',
      ...wrap(b, 64),
      'Private-MAC: 00',
    ].join('\r\n'),
  'cut off before its end': (b) => armour(LABEL, wrap(b, 64)).split(`${DASHES}END`)[0] ?? '',
  'the body alone': (b) => wrap(b, 64).join('\n'),
};

test.each(Object.entries(WRITINGS))('pem: %s has the identity of the bytes inside', (_name, write) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 90, maxLength: 400 }), (any) => {
      const der = Uint8Array.of(0x30, ...any); // a SEQUENCE, as every key in DER
      const text = write(Buffer.from(der).toString('base64'));
      expect(hex(canonicalIdentity('pem', bytes(text)))).toBe(hex(der));
    }),
  );
});

test('pem: other bytes have another identity', () => {
  const write = (fill: number): Uint8Array => bytes(armour(LABEL, wrap(Buffer.alloc(99, fill).toString('base64'), 64)));
  expect(hex(canonicalIdentity('pem', write(1)))).not.toBe(hex(canonicalIdentity('pem', write(2))));
});

test('pem: what is no key is its own bytes without blanks around', () => {
  expect(canonicalIdentity('pem', bytes(' not a key! \n'))).toEqual(Uint8Array.from(bytes('not a key!')));
  expect(canonicalIdentity('pem', bytes(armour(LABEL, ['abcd'])))).toEqual(
    Uint8Array.from(bytes(armour(LABEL, ['abcd']))),
  );
});

test('pem: never throws', () => {
  fc.assert(fc.property(fc.uint8Array(), (any) => canonicalIdentity('pem', any) instanceof Uint8Array));
  const odd = fc.array(
    fc.constantFrom('\\', 'n', 'u', '"', "'", ':', '=', '\n', 'A', '0', `${DASHES}BEGIN `, DASHES, `${DASHES}END`),
  );
  fc.assert(fc.property(odd, (parts) => canonicalIdentity('pem', bytes(parts.join(''))) instanceof Uint8Array));
});

test('token and pair: the bytes without blanks around, copied', () => {
  const source = bytes(' \tab c\r\n');
  for (const identity of ['token', 'pair'] as const) {
    const found = canonicalIdentity(identity, source);
    expect(Buffer.from(found).toString()).toBe('ab c');
    expect(found.buffer).not.toBe(source.buffer);
  }
});

const url = (secret: string, match: string, parts: Record<string, string> = {}): string =>
  hex(
    canonicalIdentity(
      'url',
      bytes(secret),
      Object.fromEntries(Object.entries(parts).map(([k, p]) => [k, bytes(p)])),
      bytes(match),
    ),
  );
const join = (...fields: string[]): string => fields.join('');

test('url: scheme, user, host, database and password, each after its length', () => {
  const field = (text: string): string =>
    Buffer.from([0, 0, 0, text.length]).toString('hex') + Buffer.from(text).toString('hex');
  expect(url('pw1', join('postgres://', 'ann', ':pw1@', 'db.example/shop?ssl=1'))).toBe(
    ['postgresql', 'ann', 'db.example', 'shop', 'pw1'].map(field).join(''),
  );
});

test('url: what makes no difference to the account makes none to the identity', () => {
  const plain = url('pw@1', join('postgresql://', 'ann', ':pw@1@', 'db.example/shop'));
  const same: [string, string][] = [
    ['pw%401', join('postgres://', 'ann', ':pw%401@', 'DB.example:5432/shop?sslmode=require')],
    ['pw@1', join('DATABASE_URL="postgresql+psycopg2://', 'ann', ':pw@1@', 'db.example/shop"')],
    ['pw%401', join('jdbc:postgresql://', 'db.example:5432/shop?user=ann&password=', 'pw%401')],
  ];
  for (const [secret, match] of same) expect(url(secret, match)).toBe(plain);
});

test('url: another user, host, database, password or scheme is another credential', () => {
  const all = [
    url('pw1', join('mysql://', 'ann', ':pw1@', 'db/shop')),
    url('pw1', join('mysql://', 'bob', ':pw1@', 'db/shop')),
    url('pw1', join('mysql://', 'ann', ':pw1@', 'db2/shop')),
    url('pw1', join('mysql://', 'ann', ':pw1@', 'db/shop2')),
    url('pw1', join('mysql://', 'ann', ':pw1@', 'db:33060/shop')),
    url('pw2', join('mysql://', 'ann', ':pw2@', 'db/shop')),
    url('pw1', join('redis://', 'ann', ':pw1@', 'db/shop')),
    url('pw1', join('mysql://', 'an', ':pw1@', 'ndb/shop')),
    url('pw1', join('redis://', ':pw1@', 'db')),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test('url: connection strings name the same things with keys', () => {
  const ado = url(
    'pw1',
    join('Server=db.example;Initial Catalog=shop;User ID=ann;', 'Password=', 'pw1', ';Encrypt=True'),
  );
  expect(url('pw1', join('Data Source = db.example; Database = shop; UID = ann; ', 'Pwd = ', 'pw1'))).toBe(ado);
  expect(url('pw1', join('Server=db.example;Initial Catalog=shop;User ID=bob;', 'Password=', 'pw1'))).not.toBe(ado);
  const libpq = url('pw1', join('host=db.example dbname=shop user=ann ', 'password=', 'pw1'));
  expect(libpq).toBe(ado);
});

test('url: a password that occurs elsewhere in the URL too is taken from its place', () => {
  expect(url('db', join('mysql://', 'db', ':db@', 'db/db'))).toBe(
    url('x', join('mysql://', 'db', ':x@', 'db/db')).replace(/0000000178$/, '000000026462'),
  );
});

test('url: named parts say what the match does not', () => {
  expect(url('pw1', 'pw1', { user: 'ann', host: 'db', scheme: 'mysql' })).toBe(
    url('pw1', join('mysql://', 'ann', ':pw1@', 'db')),
  );
});

test('url: never throws, and depends on its input alone', () => {
  const pieces = fc.array(
    fc.constantFrom('://', ':', '@', '/', '%', '%4', '%zz', ';', '=', 'user', 'host', 'pw', '', ' '),
  );
  fc.assert(
    fc.property(pieces, fc.string(), (match, secret) => {
      expect(url(secret, match.join(''))).toBe(url(secret, match.join('')));
    }),
  );
});

test('json-key: the key id, wherever in the file and however escaped', () => {
  const id = 'ab12'.repeat(10);
  const file = {
    type: 'service_account',
    private_key_id: id,
    private_key: armour(LABEL, wrap(Buffer.alloc(99, 7).toString('base64'), 64)),
  };
  const text = JSON.stringify(file, null, 2);
  const expected = Uint8Array.from(bytes(id));
  expect(canonicalIdentity('json-key', bytes(text))).toEqual(expected);
  expect(canonicalIdentity('json-key', bytes(JSON.stringify(text)))).toEqual(expected);
  expect(canonicalIdentity('json-key', bytes(file.private_key), {}, bytes(text))).toEqual(expected);
  expect(canonicalIdentity('json-key', bytes(file.private_key), { private_key_id: bytes(id) })).toEqual(expected);
  expect(hex(canonicalIdentity('json-key', bytes(file.private_key)))).toBe(hex(Buffer.alloc(99, 7)));
});

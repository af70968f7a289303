import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, formatWithOptions, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

const plain = ['correct', 'horse', 'battery'].join('-');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const secret = new Secret(bytes(plain), 'f1_label');
/** As it is for someone who lost its type on the way. */
const careless = secret as unknown as string;

/** Everything by which a person who sees `text` could have got the secret. */
function expectNothingOf(text: string): void {
  const forms = [
    plain,
    Buffer.from(plain).toString('hex'),
    Buffer.from(plain).toString('base64'),
    [...bytes(plain)].join(','),
    [...bytes(plain)].join(', '),
  ];
  for (const form of forms) expect(text).not.toContain(form.slice(0, 8));
}

test('the fingerprint stands for the secret in every kind of text', () => {
  expect(String(secret)).toBe('f1_label');
  expect(`of ${careless}`).toBe('of f1_label');
  expect('of '.concat(careless)).toBe('of f1_label');
  expect(JSON.stringify({ secret })).toBe('{"secret":"f1_label"}');
  expect(inspect(secret)).toBe('f1_label');
  expect(String(new Secret(bytes(plain)))).toBe('[secret]');
});

test('no serialisation prints it', () => {
  const holder = { nested: [secret], map: new Map([[secret, secret]]) };
  const texts = [
    inspect(holder, { depth: 9, showHidden: true }),
    inspect(holder, { depth: 9, showHidden: true, customInspect: false, getters: true }),
    JSON.stringify(holder),
    String(Object.entries(secret)),
    JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
    ...['%s', '%o', '%O', '%j', '%d', '%i', '%f', '%c', 'x'].map((form) => format(form, secret)),
    formatWithOptions({ customInspect: false, showHidden: true }, '%O', holder),
    inspect(structuredClone(secret), { showHidden: true }),
    inspect(deserialize(serialize(secret)), { showHidden: true }),
    serialize(secret).toString('latin1'),
    inspect(Object.assign({}, secret)),
    new Error(`failed for ${careless}`, { cause: secret }).stack ?? '',
    inspect(new Error('failed', { cause: secret })),
  ];
  for (const text of texts) expectNothingOf(text);
});

test('a console prints nothing of it', () => {
  let out = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      out += String(chunk);
      done();
    },
  });
  const console = new Console(sink, sink);
  console.log(secret, { secret }, '%o', secret);
  console.dir(secret, { showHidden: true, depth: 9 });
  console.table([{ secret }]);
  console.error('%O %j', secret, secret);
  expect(out).toContain('f1_label');
  expectNothingOf(out);
});

test('reveal gives the bytes, and neither it nor the source shares memory with the secret', () => {
  const source = bytes(plain);
  const own = new Secret(source);
  source.fill(0);
  own.reveal().fill(0);
  expect(new TextDecoder().decode(own.reveal())).toBe(plain);
  expect(own.length).toBe(plain.length);
  const view = new Uint8Array(1 << 16).subarray(3, 20);
  expect(new Secret(view).reveal().buffer.byteLength).toBe(17);
});

test('secrets are equal when their bytes are, whatever their labels', () => {
  expect(secret.equals(new Secret(bytes(plain)))).toBe(true);
  expect(secret.equals(new Secret(bytes(`${plain}.`)))).toBe(false);
  expect(secret.equals(new Secret(bytes(plain.replace('c', 'd'))))).toBe(false);
  expect(new Secret(bytes('')).equals(new Secret(bytes('')))).toBe(true);
});

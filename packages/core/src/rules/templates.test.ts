import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checksumGenerators, checksums } from '../engine/filters/checksums.ts';
import { TemplateError, expandTemplate } from './templates.ts';
import type { Example } from './templates.ts';

const text = (example: Example): string => Buffer.from(example.text).toString();
const expand = (template: string, seed = 'seed'): string => text(expandTemplate(template, seed));
const cut = (example: Example, at: { start: number; end: number } | undefined): string =>
  Buffer.from(example.text.subarray(at?.start, at?.end)).toString();

test.each([
  ['{base62:40}', /^[0-9A-Za-z]{40}$/],
  ['{alnum:9}', /^[0-9A-Za-z]{9}$/],
  ['{lower:20}{upper:20}{digit:20}', /^[a-z]{20}[A-Z]{20}[0-9]{20}$/],
  ['{base36:30}{BASE36:30}', /^[0-9a-z]{30}[0-9A-Z]{30}$/],
  ['{hex:30}{HEX:30}', /^[0-9a-f]{30}[0-9A-F]{30}$/],
  ['{base32:30}', /^[A-Z2-7]{30}$/],
  ['{base64:60}', /^[0-9A-Za-z+/]{60}$/],
  ['{base64url:60}', /^[0-9A-Za-z_-]{60}$/],
  ['{[a-c._-]:50}', /^[a-c._-]{50}$/],
  ['{uuid}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
  ['{rep:ab:3}', /^ababab$/],
  ['{{"a": {{}}}}', /^\{"a": \{\}\}$/],
  ['plain, é and 😀', /^plain, é and 😀$/],
])('%s', (template, shape) => {
  expect(expand(template)).toMatch(shape);
});

test('the same seed gives the same bytes, another one gives others', () => {
  expect(expand('{base62:40}', 'a')).toBe(expand('{base62:40}', 'a'));
  expect(expand('{base62:40}', 'a')).not.toBe(expand('{base62:40}', 'b'));
});

test('all characters of an alphabet come up, about equally often', () => {
  const counts = new Map<string, number>();
  for (const c of expand('{hex:16000}')) counts.set(c, (counts.get(c) ?? 0) + 1);
  expect(counts.size).toBe(16);
  for (const n of counts.values()) expect(Math.abs(n - 1000)).toBeLessThan(200);
});

describe('marks', () => {
  test('are spans of bytes in the text', () => {
    const example = expandTemplate('é=[[{digit:4}é]] and [[id|{lower:3}]] and [[x]]', 's', ['id']);
    expect(example.secret).toHaveLength(2);
    expect(cut(example, example.secret[0])).toMatch(/^[0-9]{4}é$/);
    expect(cut(example, example.secret[1])).toBe('x');
    expect(cut(example, example.companions['id'])).toMatch(/^[a-z]{3}$/);
    expect(text(example)).not.toContain('[[');
  });

  test('a name that the rule does not have is part of the secret', () => {
    const example = expandTemplate('[[Atza|{digit:2}]]', 's', ['id']);
    expect(cut(example, example.secret[0])).toMatch(/^Atza\|[0-9]{2}$/);
    expect(example.companions).toEqual({});
  });
});

test('base64 encodes what the inner template gives, nested too', () => {
  expect(Buffer.from(expand('{b64({{"id":"{digit:5}"}})}'), 'base64').toString()).toMatch(/^\{"id":"[0-9]{5}"\}$/);
  expect(expand('{b64url(??>>)}')).toBe(Buffer.from('??>>').toString('base64url'));
  const inner = Buffer.from(expand('{b64({b64({hex:6})})}'), 'base64').toString();
  expect(Buffer.from(inner, 'base64').toString()).toMatch(/^[0-9a-f]{6}$/);
});

test('a checksum covers the marked text so far, and fits', () => {
  const bodies: Record<string, string> = {
    'github-crc32': 'ghp_{base62:30}',
    'github-pat-sha256': 'github_pat_{base62:22}_{base62:43}',
    'npm-crc32': 'npm_{base62:30}',
    'vercel-crc32': 'vcp_{base62:50}',
    'wandb-crc32': 'wandb_v1_{base62:71}',
    'deno-crc32': 'ddp_{base62:30}',
    'gitlab-crc32': 'glpat-{base62:27}.01.12',
    'atlassian-crc32': 'ATATT3xFfGF0{base62:171}=',
    'cloudflare-crc32': 'cfut_{base62:40}',
    'grafana-crc32': 'glsa_{base62:32}_',
    'zuplo-crc32': 'zpka_{base36:32}_',
    'confluent-crc32': 'cflt{base64:54}',
    bech32: 'AGE-SECRET-KEY-1{[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]:52}',
  };
  expect(Object.keys(bodies).sort()).toEqual(Object.keys(checksumGenerators).sort());
  for (const [name, body] of Object.entries(bodies)) {
    const rest = name === 'github-pat-sha256' ? '{base62:8}' : '';
    const example = expandTemplate(`x=[[${body}{${name}}${rest}]]`, name);
    expect([name, checksums[name]?.(Buffer.from(cut(example, example.secret[0])))]).toEqual([name, true]);
  }
});

test.each([
  '[[a',
  '[[[[a]]]]',
  '[[]]',
  'a}',
  '{base62:',
  '{base62:x}',
  '{base63:4}',
  '{hex:-1}',
  '{hex:}',
  '{hex:99999}',
  '{[]:3}',
  '{[^a]:3}',
  '{[z-a]:3}',
  '{b64(x}',
  '{b64([[x]])}',
  '{github-crc32}',
  '[[i|a]][[i|b]]',
])('is malformed: %s', (template) => {
  expect(() => expandTemplate(template, 's', ['i'])).toThrow(TemplateError);
});

test('any text without braces and brackets stands for itself', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((s) => !/[{}[\]]/.test(s)),
      (s) => expand(s) === s,
    ),
  );
});

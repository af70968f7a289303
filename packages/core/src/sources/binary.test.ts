import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isBinary } from './binary.ts';

const utf16 = (text: string, order: 'le' | 'be'): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

it('knows compressed, encoded and compiled formats by their first bytes', () => {
  const formats: Record<string, readonly number[]> = {
    png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    jpeg: [0xff, 0xd8, 0xff, 0xe0],
    zip: [0x50, 0x4b, 0x03, 0x04],
    gzip: [0x1f, 0x8b, 0x08, 0x00],
    elf: [0x7f, 0x45, 0x4c, 0x46],
    class: [0xca, 0xfe, 0xba, 0xbe],
  };
  for (const [name, bytes] of Object.entries(formats))
    expect(isBinary(Buffer.concat([Buffer.from(bytes), Buffer.from('some text')])), name).toBe(true);
});

it('takes no text for a binary because of how it begins', () => {
  for (const start of [
    '',
    'MZ',
    'BM',
    'GIF89a',
    '%PDF-1.7',
    'RIFF',
    'OggS',
    'ID3',
    '#!/bin/sh',
    'PK',
    'BZh',
    '{',
    '\ufeff',
  ]) {
    expect(isBinary(Buffer.from(`${start} password = hunter2\n`.repeat(20))), start).toBe(false);
  }
});

it('scans UTF-16 and UTF-32, with and without a byte order mark', () => {
  const text = 'password = "hunter2"\r\n'.repeat(10);
  expect(isBinary(utf16(text, 'le'))).toBe(false);
  expect(isBinary(utf16(text, 'be'))).toBe(false);
  expect(isBinary(utf16(`\ufeff${text}`, 'le'))).toBe(false);
  expect(isBinary(utf16(`\ufeff${text}`, 'be'))).toBe(false);
  expect(isBinary(utf16(`\ufeff日本語${text}`, 'le'))).toBe(false);
  expect(isBinary(Buffer.from([...text].flatMap((c) => [c.charCodeAt(0), 0, 0, 0])))).toBe(false);
  expect(isBinary(Buffer.from([...text].flatMap((c) => [0, 0, 0, c.charCodeAt(0)])))).toBe(false);
});

it('scans texts with a few NULs, such as a dump of an environment', () => {
  expect(isBinary(Buffer.from('HOME=/root\0API_KEY=hunter2hunter2\0PATH=/usr/bin:/bin\0'))).toBe(false);
  expect(isBinary(Buffer.from(`one stray\0${'text '.repeat(100)}`))).toBe(false);
});

it('leaves out data with NULs and many control characters', () => {
  expect(isBinary(Buffer.alloc(100))).toBe(true);
  expect(isBinary(Buffer.from([1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 65]))).toBe(true);
  const table = Buffer.alloc(4096);
  table.write('SQLite format 3');
  expect(isBinary(table)).toBe(true);
});

it('looks at the first 8,000 bytes alone, and finds no binary without NUL or signature', () => {
  expect(isBinary(Buffer.concat([Buffer.alloc(8000, 'a'), Buffer.alloc(1000)]))).toBe(false);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      if (!text.includes('\0')) expect(isBinary(Buffer.from(`text: ${text}`))).toBe(false);
    }),
  );
});

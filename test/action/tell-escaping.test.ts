/** Whatever a path, a name or a title is made of: it is text on GitHub's pages, and no command to the runner. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise } from '@unleak/core';
import { annotationCommand, plainLine } from '../../packages/github-action/src/tell/command.ts';
import { code, link, plain, sentence, tableRow } from '../../packages/github-action/src/tell/markdown.ts';
import { blobUrl } from '../../packages/github-action/src/tell/urls.ts';
import { runnerCommands } from '../support/runner-commands.ts';

const markupLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '|',
        '`',
        '``',
        '*',
        '_',
        '~~',
        '[x](https://evil.invalid)',
        '![',
        '<img src=x>',
        '</code>',
        '-->',
      ),
      fc.constantFrom(
        '@acme/security',
        '@octocat',
        '#12',
        'GH-12',
        'JIRA-7',
        'www.evil.invalid',
        'https://evil.invalid',
      ),
      fc.constantFrom('\n', '\r', '\\', '&lt;', '&#64;', '\u202e', '\u200b', '\u001b', '$x$', ':tada:', '"', "'"),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));

/** Text that tries to be a command, or to end one. */
const commandLike = fc
  .array(
    fc.oneof(
      fc.constantFrom('::', '##[', ']', '\n', '\r\n', '\r', '%0A', '%', ',', '=', ' ', '\u2028', '\u202e', '\u001b[2J'),
      fc.constantFrom('error', 'add-mask', 'stop-commands', 'set-output name=x', 'set-env name=PATH'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What a reader sees. */
function seen(markdown: string): string {
  return markdown.replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));
}

/** None of these means something in Markdown between others; www. is a link. */
const INERT = /^(?![,/+=.-])(?:[A-Za-z0-9 ,/+=-]|(?<!w)\.|&#\d+;|[^\0-\x7f])*$/i;

describe('foreign text', () => {
  it('is letters, entities and what means nothing, so that nothing in it is markup', () => {
    fc.assert(
      fc.property(markupLike, (text) => {
        expect(plain(text, 1000)).toMatch(INERT);
        expect(seen(plain(text, 1000)).replaceAll('\u200b', '')).toBe(neutralise(text));
        const inCode = /^<code>(.*)<\/code>$/s.exec(code(text, 1000))?.[1];
        expect(inCode).toMatch(INERT);
        expect(seen(inCode ?? '')).toBe(neutralise(text));
      }),
    );
  });

  it('mentions nobody and refers to nothing, in a sentence', () => {
    fc.assert(
      fc.property(markupLike, (text) => {
        const shown = seen(plain(text));
        expect(shown).not.toMatch(/@[A-Za-z0-9]|#[0-9]|\b[A-Z]+-[0-9]|:\/\//);
      }),
    );
    expect(seen(plain('by @acme/security, see #12 and GH-1'))).toBe(
      'by @\u200bacme/security, see #\u200b12 and GH-\u200b1',
    );
  });

  it('stays in its cell of a table', () => {
    fc.assert(
      fc.property(markupLike, markupLike, (a, b) => {
        const row = tableRow([code(a), plain(b), link(blobUrl(context, 'c'.repeat(40), a, 1, 2), code(b))]);
        expect(row.match(/\|/g)).toHaveLength(4);
        expect(row.match(/[\r\n]/g)).toEqual(['\n']);
        expect(row.endsWith(' |\n')).toBe(true);
      }),
    );
  });

  it('is cut when it is long, between characters', () => {
    expect(seen(code('😀'.repeat(400)))).toBe(`<code>${'😀'.repeat(299)}…</code>`);
  });
});

describe('sentences of ours', () => {
  it('have what can be copied in code, without anything in between', () => {
    expect(seen(sentence('add "pull-requests: write" to @you'))).toBe(
      'add <code>pull-requests: write</code> to @\u200byou',
    );
    expect(seen(sentence('a single " is text'))).toBe('a single " is text');
  });
});

const context = {
  repository: { owner: 'acme', name: 'shop' },
  apiUrl: 'https://api.github.com',
  serverUrl: 'https://github.com',
  workspace: '/w',
  event: 'push',
  sha: 'a'.repeat(40),
  ref: 'refs/heads/main',
  workflow: 'w',
  job: 'j',
  runId: '1',
  runAttempt: '1',
  token: undefined,
};

describe('addresses', () => {
  it('lead into the repository, whatever the path is', () => {
    fc.assert(
      fc.property(markupLike, (path) => {
        const url = blobUrl(context, 'c'.repeat(40), path, 3, 3);
        const { origin, pathname, hash, search } = new URL(url);
        expect(origin).toBe('https://github.com');
        expect(pathname.startsWith(`/acme/shop/blob/${'c'.repeat(40)}/`)).toBe(true);
        expect([hash, search]).toEqual(['#L3', '']);
        expect(url).toMatch(/^[A-Za-z0-9:/._~%#-]+$/);
      }),
    );
    expect(blobUrl(context, 'c', '../../../evil/repo/x y#.ts', 3, 5)).toBe(
      'https://github.com/acme/shop/blob/c/%2E%2E/%2E%2E/%2E%2E/evil/repo/x%20y%23.ts#L3-L5',
    );
  });
});

describe('commands to the runner', () => {
  it('is one command with our properties alone, and the file as it is or not at all', () => {
    fc.assert(
      fc.property(commandLike, commandLike, commandLike, fc.nat({ max: 9999 }), (text, title, file, line) => {
        const read = runnerCommands(annotationCommand('error', text, title, { file, line, endLine: line }));
        expect(read.map(({ name }) => name)).toEqual(['error']);
        const { title: _title, ...place } = read[0]?.properties ?? {};
        const isShown = neutralise(file) === file;
        expect(place).toEqual(isShown ? { file, line: String(line), endLine: String(line) } : {});
        expect(read[0]?.data).toBe(neutralise(text));
      }),
    );
  });

  it('are no command, whatever they hold', () => {
    fc.assert(
      fc.property(commandLike, (text) => {
        expect(runnerCommands(plainLine(text))).toEqual([]);
      }),
    );
  });
});

/** Annotations, summary and comment as texts: what they say, to whom, and how much of it. */
import { describe, expect, it } from 'vitest';
import { annotations } from '../../packages/github-action/src/tell/annotations.ts';
import { commentBody, commentMarker, MAX_COMMENT } from '../../packages/github-action/src/tell/comment-body.ts';
import type { Outcome } from '../../packages/github-action/src/tell/options.ts';
import { MAX_SUMMARY, summaryMarkdown } from '../../packages/github-action/src/tell/summary.ts';
import { headSha, idOf, inHead, makeContext, makeOutcome, many, pushPlan, removed } from '../support/outcome.ts';
import { HISTORY, HOSTILE, finding, gitSighting, report, suppress } from '../support/reports.ts';
import { runnerCommands } from '../support/runner-commands.ts';

const context = makeContext();
const room = { error: 10, warning: 10, notice: 10 };

function summary(outcome: Outcome, more: { notAnnotated?: number; gitleaks?: boolean } = {}): string {
  return readable(
    summaryMarkdown({ outcome, context, notices: outcome.notices, notAnnotated: 0, gitleaks: false, ...more }),
  );
}

function comment(outcome: Outcome, earlier?: string, notify: readonly string[] = []): string | undefined {
  return commentBody({ outcome, context, notify, gitleaks: false, earlier });
}

/** Markdown with its entities as a reader sees them. */
function readable(markdown: string): string {
  return markdown
    .replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replaceAll('\u200b', '');
}

function commandsOf(outcome: Outcome, of: typeof room = room): ReturnType<typeof runnerCommands> {
  return runnerCommands(annotations(outcome, of).commands.join('\n'));
}

describe('annotations', () => {
  it('stand on the lines of the head, not on those of the commit that brought the credential in', () => {
    const [command] = commandsOf(makeOutcome({ report: report({ findings: [inHead(1)] }) }));
    expect(command?.name).toBe('error');
    expect(command?.properties).toEqual({
      title: 'GitHub personal access token (classic)',
      file: 'src/file-1.ts',
      line: '30',
      endLine: '31',
    });
    expect(command?.data).toContain('is in the head of this pull request');
    expect(command?.data).toContain(idOf(1));
  });

  it('have no line for what was taken out again, and say that this revoked nothing', () => {
    const [command] = commandsOf(makeOutcome({ report: report({ findings: [removed(1)] }) }));
    expect(command?.properties['file']).toBeUndefined();
    expect(command?.data).toContain('still in the commits of this pull request: revoke it');
    expect(command?.data).toContain('src/gone-1.ts');
  });

  it('are errors when they fail the check, notices when they are unsure', () => {
    const low = inHead(2, { confidence: 'low' });
    const outcome = makeOutcome({ report: report({ findings: [inHead(1), low] }) });
    expect(commandsOf(outcome).map(({ name }) => name)).toEqual(['error', 'notice']);
    const lenient = { ...outcome, fails: () => false };
    expect(commandsOf(lenient).map(({ name }) => name)).toEqual(['warning', 'notice']);
  });

  it('are no more than GitHub shows, and the rest is counted', () => {
    const { commands, left } = annotations(makeOutcome({ report: many(10_000) }), room);
    expect(commands).toHaveLength(10);
    expect(left).toBe(9_990);
    expect(annotations(makeOutcome({ report: many(3) }), { ...room, error: 2 }).left).toBe(1);
  });

  it('tell a path that tries to be something else in words alone', () => {
    const path = 'a\n::set-output name=x::y\u202e.ts';
    const evil = finding({ id: idOf(1), sightings: [gitSighting({ path })], sightingCount: 1 });
    const commands = commandsOf(makeOutcome({ report: report({ findings: [evil] }) }));
    expect(commands.map(({ name }) => name)).toEqual(['error']);
    expect(commands[0]?.properties['file']).toBeUndefined();
    expect(commands[0]?.data).toContain(String.raw`a\n::set-output name=x::y\u202e.ts`);
  });
});

describe('summary', () => {
  it('has what, where, since when, its state, what to do and the id of each', () => {
    const text = summary(makeOutcome({ report: report({ findings: [inHead(1), removed(2)] }) }));
    expect(text).toContain('## unleak: 2 credentials found');
    expect(text).toContain(`<a href="https://github.com/acme/shop/blob/${headSha}/src/file-1.ts#L30-L31">`);
    // What is gone from the head is linked where it was.
    expect(text).toContain(`<a href="https://github.com/acme/shop/blob/${'1'.repeat(40)}/src/gone-2.ts#L12">`);
    expect(text).toMatch(/src\/gone-2\.ts.*2024-03-01 by Ada Lovelace.*still in the commits of this pull request/);
    expect(text).toContain('Revoke it now');
    for (const id of [idOf(1), idOf(2)]) expect(text).toContain(`<code>${id}</code>`);
    expect(text).toContain('`npx unleak ignore <id> --reason');
  });

  it('says whether the check fails, and because of what', () => {
    const of = report({ findings: [inHead(1)] });
    expect(summary(makeOutcome({ report: of }))).toContain('The check fails because of 1 finding.');
    expect(summary(makeOutcome({ report: of, failing: false, fails: () => false }))).toContain(
      'None of this fails the check.',
    );
    expect(summary(makeOutcome({ report: HISTORY, fails: () => false }))).toContain(
      'The check fails because the scan is incomplete.',
    );
  });

  it('says first that the scan is incomplete, and what is missing', () => {
    const text = summary(makeOutcome({ report: HISTORY }));
    const [warning, table] = [text.indexOf('The scan is incomplete'), text.indexOf('| Severity |')];
    expect(warning).toBeGreaterThan(0);
    expect(warning).toBeLessThan(table);
    expect(text).toContain('corrupt: <code>object 9999999999</code>');
    expect(text).toContain('1 finding of low confidence');
    expect(text).toContain('Accepted before, not counted: 1 credential (inline 1)');
    expect(text).toContain('Not scanned by policy: binary 1, too-large 4');
    const empty = report({ notScanned: [{ state: 'failed', reason: 'corrupt', where: 'x' }] });
    expect(summary(makeOutcome({ report: empty }))).toContain('nothing found, but the scan is incomplete');
  });

  it('says that nothing was found, or that there was nothing to scan', () => {
    expect(summary(makeOutcome())).toContain('## unleak: no credentials found');
    const plan = { scan: 'nothing', why: 'the branch was deleted' } as const;
    expect(summary(makeOutcome({ plan }))).toContain('Nothing to scan: the branch was deleted');
  });

  it('is never more than GitHub takes, and counts what it leaves out exactly', () => {
    const text = summaryMarkdown({
      outcome: makeOutcome({ report: many(10_000) }),
      context,
      notices: [],
      notAnnotated: 9_990,
      gitleaks: true,
    });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_SUMMARY);
    const shown = text.match(/^\| critical/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(500);
    expect(readable(text)).toContain(`${(10_000 - shown).toLocaleString('en')} more credentials are not shown here`);
    expect(text).toContain('9,990 findings had no room');
  });

  it('has notices as they are, permissions to be copied', () => {
    const notices = [{ level: 'warning', text: 'the token lacks "pull-requests: write"' }] as const;
    expect(summary(makeOutcome({ notices }))).toContain(
      '- **warning**: the token lacks <code>pull-requests: write</code>',
    );
  });

  it('gives lines for .gitleaksignore where gitleaks was, in quotes where a shell would read more into them', () => {
    const evil = finding({
      id: idOf(2),
      sightings: [gitSighting({ path: "$(touch x)'`.ts" }), gitSighting({ path: 'line\nbreak' })],
      sightingCount: 2,
    });
    const text = summary(makeOutcome({ report: report({ findings: [inHead(1), evil] }) }), { gitleaks: true });
    const commit = '1'.repeat(40);
    expect(text).toContain(`\necho ${commit}:src/file-1.ts:github-pat:3 >> .gitleaksignore\n`);
    expect(text).toContain(`\necho '${commit}:$(touch x)'\\''\`.ts:github-pat:12' >> .gitleaksignore\n`);
    expect(text.match(/>> \.gitleaksignore/g)).toHaveLength(2);
  });
});

describe('comment', () => {
  it('lists what is in the pull request and what was in it, and asks to revoke', () => {
    const text = readable(comment(makeOutcome({ report: report({ findings: [inHead(1), removed(2)] }) })) ?? '');
    expect(text).toContain('2 credentials in this pull request');
    expect(text).toContain('is in the head of this pull request');
    expect(text).toContain('was removed from the head, but is still in the commits of this pull request: revoke it');
    expect(text).toContain('that revoked nothing');
    expect(text.startsWith(commentMarker(context))).toBe(true);
    expect(text).not.toContain('Ada Lovelace');
  });

  it('stays quiet where there never was anything, or nothing that is sure', () => {
    expect(comment(makeOutcome())).toBeUndefined();
    const low = report({ findings: [inHead(1, { confidence: 'low' })] });
    expect(comment(makeOutcome({ report: low }))).toBeUndefined();
  });

  it('says when all is gone, and goes on naming what has to be revoked', () => {
    const first = comment(makeOutcome({ report: report({ findings: [inHead(1), inHead(2)] }) }));
    const second = comment(makeOutcome(), first) ?? '';
    expect(second).toContain('No credential is left in this pull request');
    expect(readable(second)).toContain(`${idOf(1)}</code>, <code>${idOf(2)}`);
    expect(second).toContain('make sure that they were revoked');
    // And the run after that still knows.
    expect(readable(comment(makeOutcome(), second) ?? '')).toContain(idOf(2));
  });

  it('does not say that all is gone when the scan is incomplete', () => {
    const first = comment(makeOutcome({ report: report({ findings: [inHead(1)] }) }));
    const incomplete = report({ notScanned: [{ state: 'failed', reason: 'corrupt', where: 'x' }] });
    const second = comment(makeOutcome({ report: incomplete }), first) ?? '';
    expect(second).toContain('incomplete');
    expect(second).not.toMatch(/No credential is left|any more/);
    expect(comment(makeOutcome({ report: incomplete }))).toBeUndefined();
  });

  it('tells what was accepted from what is gone', () => {
    const first = comment(makeOutcome({ report: report({ findings: [inHead(1)] }) }));
    const accepted = report({ suppressed: [suppress(inHead(1), { by: 'inline', source: 'unleak:allow' })] });
    const second = readable(comment(makeOutcome({ report: accepted }), first) ?? '');
    expect(second).toContain(`accepted since: <code>${idOf(1)}</code>`);
    expect(second).not.toContain('any more');
  });

  it('is never longer than GitHub takes', () => {
    const long = comment(makeOutcome({ report: many(10_000) }), undefined, ['octocat']) ?? '';
    expect(long.length).toBeLessThanOrEqual(MAX_COMMENT);
    const shown = long.match(/^\| critical/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(10);
    expect(readable(long)).toContain(`${(10_000 - shown).toLocaleString('en')} more credentials had no room here`);
    // Names as long and as costly as they can be.
    const path = `${'&'.repeat(4000)}.ts`;
    const costly = Array.from({ length: 300 }, (_, at) => inHead(at, { sightings: [gitSighting({ path })] }));
    const body = commentBody({
      outcome: makeOutcome({ report: report({ findings: costly }) }),
      context,
      notify: Array.from({ length: 20 }, (_, at) => `${'a'.repeat(38)}${at % 10}/${'b'.repeat(90)}`),
      gitleaks: true,
      earlier: long,
    });
    expect(body?.length).toBeLessThanOrEqual(MAX_COMMENT);
  });

  it('mentions whom it was told to, and nobody that a path or name asks for', () => {
    const evil = finding({
      id: idOf(3),
      title: 'Token of @acme/everyone',
      sightings: [gitSighting({ path: '@acme/security/<!-- unleak:ids --> | x.ts' })],
    });
    const body = comment(makeOutcome({ report: report({ findings: [evil] }) }), undefined, ['octocat']) ?? '';
    expect(body.match(/@[A-Za-z]/g)).toEqual(['@o']);
    expect(body).toContain('cc @octocat\n');
    const seen = body
      .replaceAll(/<code>.*?<\/code>/g, '')
      .replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));
    expect(seen.match(/@[A-Za-z]/g)).toEqual(['@o']);
  });

  it('keeps two uses apart', () => {
    expect(commentMarker(context)).not.toBe(commentMarker(makeContext({ job: 'other' })));
    expect(commentMarker(context)).not.toBe(commentMarker(makeContext({ workflow: 'Other' })));
    expect(commentMarker(makeContext({ workflow: 'a', job: '--> @x' }))).toMatch(
      /^<!-- unleak:comment [0-9a-f]{16} -->$/,
    );
  });

  it('survives whatever a repository calls things', () => {
    for (const of of [HISTORY, HOSTILE]) {
      for (const text of [
        comment(makeOutcome({ report: of })) ?? '',
        summary(makeOutcome({ report: of, plan: pushPlan })),
      ]) {
        // oxlint-disable-next-line eslint/no-control-regex -- that is what may not be in it
        expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/);
      }
    }
  });
});

/** Telling, against a GitHub that is held to its own description: what it keeps, what it refuses, what is told then. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGithub, type Github } from '../../packages/github-action/src/github/client.ts';
import { commentMarker } from '../../packages/github-action/src/tell/comment-body.ts';
import type { Outcome, TellOptions } from '../../packages/github-action/src/tell/options.ts';
import { tell } from '../../packages/github-action/src/tell/tell.ts';
import type { Notice } from '../../packages/github-action/src/types.ts';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { forkToken, storedComment, workflowToken, type FakeState } from '../fakes/github/state.ts';
import { parseAs } from '../support/json.ts';
import {
  captureIo,
  headSha,
  idOf,
  inHead,
  makeContext,
  makeOutcome,
  many,
  pullRequestPlan,
  pushPlan,
  removed,
  tellOptions,
  type CapturedIo,
} from '../support/outcome.ts';
import { report, suppress } from '../support/reports.ts';
import { runnerCommands } from '../support/runner-commands.ts';

const context = makeContext();
const marker = commentMarker(context);
const found = report({ findings: [inHead(1)] });

let fake: FakeGithub;
let io: CapturedIo;
beforeEach(() => {
  io = captureIo();
});
afterEach(async () => {
  await fake.close();
});

async function start(state: Partial<FakeState> = {}): Promise<Github> {
  fake = await startFakeGithub(state);
  return client();
}

function client(token: string | undefined = fake.state.token.value): Github {
  return createGithub({ apiUrl: fake.url, token, log: () => {}, patience: { pause: 1, request: 500, wait: 0 } });
}

async function run(
  github: Github | undefined,
  outcome: Partial<Outcome> = {},
  options: Partial<TellOptions> = {},
): Promise<readonly Notice[]> {
  return await tell(makeOutcome({ report: found, ...outcome }), context, tellOptions(options), github, io);
}

describe('the comment', () => {
  it('is written once and then changed, however many others there are', async () => {
    const others = Array.from({ length: 250 }, (_, at) => storedComment({ id: at + 1 }));
    const github = await start({ comments: [...others] });
    expect(await run(github)).toEqual([]);
    expect(await run(github, { report: report({ findings: [removed(1)] }) })).toEqual([]);
    const own = fake.state.comments.filter(({ author }) => author === 'github-actions[bot]');
    expect(own.map(({ updates }) => updates)).toEqual([1]);
    expect(own[0]?.body).toContain('was removed from the head');
    expect(fake.state.comments).toHaveLength(251);
  });

  it('is left alone when there is nothing new to say', async () => {
    const github = await start();
    await run(github);
    await run(github);
    expect(fake.state.comments.map(({ updates }) => updates)).toEqual([0]);
  });

  it('says when all is fixed, and is not written where there never was anything', async () => {
    const github = await start();
    expect(await run(github, { report: report() })).toEqual([]);
    expect(fake.state.comments).toEqual([]);
    await run(github);
    await run(github, { report: report() });
    expect(fake.state.comments).toHaveLength(1);
    expect(fake.state.comments[0]?.body).toContain('No credential is left');
    expect(fake.state.comments[0]?.body).toContain(idOf(1));
  });

  it('is never somebody else’s, also when that has our marker', async () => {
    const theirs = [
      storedComment({ id: 1, body: `${marker}\nlook here`, author: 'mallory' }),
      storedComment({ id: 2, body: `${marker}\nlook here`, author: 'github-actions' }),
      storedComment({ id: 3, body: `text before ${marker}`, author: 'github-actions[bot]' }),
    ];
    const github = await start({ comments: structuredClone(theirs) });
    expect(await run(github)).toEqual([]);
    expect(fake.state.comments.slice(0, 3)).toEqual(theirs);
    expect(fake.state.comments[3]?.body).toContain(idOf(1));
  });

  it('belongs to one workflow and job', async () => {
    const github = await start();
    await run(github);
    await tell(makeOutcome({ report: found }), makeContext({ job: 'other' }), tellOptions(), github, io);
    expect(fake.state.comments.map(({ updates }) => updates)).toEqual([0, 0]);
  });

  it('that is written needs no summary in its place, whatever else there is to say', async () => {
    const github = await start();
    expect(await run(github, {}, { summary: false, notify: ['<b>'] })).toHaveLength(1);
    expect([fake.state.comments.length, io.summary()]).toEqual([1, '']);
    expect(await run(client('another token'), {}, { summary: false })).toHaveLength(1);
    expect(io.summary()).toContain(idOf(1));
  });

  it('is found again where GitHub does not say whom the token speaks for', async () => {
    const github = await start({ faults: [{ operation: 'graphql', kind: 'errors', times: 9 }] });
    expect(await run(github)).toEqual([]);
    expect(await run(github, { report: report({ findings: [removed(1)] }) })).toEqual([]);
    expect(fake.state.comments.map(({ updates }) => updates)).toEqual([1]);
  });

  it('mentions users and teams once, and says which names it cannot mention', async () => {
    const github = await start();
    const notify = ['@octocat', 'octocat', ' acme/security ', '@not a name', '<b>'];
    const notices = await run(github, {}, { notify });
    expect(fake.state.comments[0]?.body).toContain('cc @octocat @acme/security\n');
    expect(notices.map(({ text }) => text)).toEqual([
      '2 of the users to notify are not mentioned: at most 20, by names of users or teams',
    ]);
  });

  it('is for pull requests alone', async () => {
    const github = await start();
    await run(github, { plan: pushPlan });
    await run(github, { plan: { scan: 'history' } });
    expect(fake.calls).toEqual([]);
  });
});

describe('code scanning', () => {
  const options = { uploadSarif: true, comment: false };

  it('gets what the pull request brings, for its head, under a category of its own', async () => {
    const github = await start();
    const accepted = suppress(inHead(9), { by: 'inline', source: 'unleak:allow' });
    const of = report({ findings: [inHead(1), removed(2)], suppressed: [accepted] });
    expect(await run(github, { report: of }, options)).toEqual([]);
    const [upload] = fake.state.sarifs;
    expect(upload).toMatchObject({ ref: 'refs/pull/7/head', commit: headSha, tool: 'unleak' });
    const [only] = parseAs<{ runs: readonly Run[] }>(upload?.sarif ?? '').runs;
    expect(only?.automationDetails.id).toBe('unleak-pull-request/');
    // Keyed on the credential: a line that was deleted, or moved, is the same alert.
    expect(only?.results.map((each) => each.partialFingerprints.primaryLocationLineHash)).toEqual([
      `${idOf(1)}:1`,
      `${idOf(2)}:1`,
    ]);
    expect(only?.results[0]?.locations[0]?.physicalLocation.region.startLine).toBe(30);
  });

  it('gets the history under another category, for the branch', async () => {
    const github = await start();
    const main = makeContext({ ref: 'refs/heads/main', event: 'schedule' });
    const outcome = makeOutcome({ report: found, plan: { scan: 'history' } });
    expect(await tell(outcome, main, tellOptions(options), github, io)).toEqual([]);
    expect(fake.state.sarifs[0]).toMatchObject({ ref: 'refs/heads/main', commit: main.sha });
    expect(fake.state.sarifs[0]?.sarif).toContain('"id": "unleak-history/"');
  });

  it('gets nothing under the name of a branch that the checkout is not at', async () => {
    const github = await start();
    const main = makeContext({ ref: 'refs/heads/main', event: 'pull_request_target' });
    const outcome = makeOutcome({ report: found, plan: { scan: 'history' }, head: headSha });
    const notices = await tell(outcome, main, tellOptions(options), github, io);
    expect(notices.map(({ text }) => text).join()).toContain('the checkout is at another commit');
    expect(fake.calls).toEqual([]);
  });

  it('gets nothing of a push: its run would close the alerts of the one before', async () => {
    const github = await start();
    const notices = await run(github, { plan: pushPlan }, options);
    expect(fake.calls).toEqual([]);
    expect(notices.map(({ text }) => text).join()).toContain('would close the alerts of earlier pushes');
  });

  it('gets no more than it takes, the gravest first, and the rest is counted', async () => {
    const github = await start();
    const mild = Array.from({ length: 6000 }, (_, at) => inHead(at, { severity: 'medium' }));
    const grave = inHead(7000);
    const rule = {
      ...report({ findings: [grave] }).rules[0]!,
      tags: Array.from({ length: 40 }, (_, at) => `tag-${at}`),
    };
    const of = report({ findings: [...mild, grave], rules: [rule] });
    const notices = await run(github, { report: of }, options);
    expect(notices.map(({ text }) => text).join()).toContain('1,001 of 6,001 were not uploaded');
    const [only] = parseAs<{ runs: readonly Run[] }>(fake.state.sarifs[0]?.sarif ?? '').runs;
    expect(only?.results).toHaveLength(5000);
    expect(only?.results[0]?.partialFingerprints.primaryLocationLineHash).toBe(`${idOf(7000)}:1`);
  });

  it('says that it is not switched on', async () => {
    const github = await start({ codeScanning: false });
    const [notice] = await run(github, {}, options);
    expect(notice?.text).toContain('not enabled for this repository');
  });
});

interface Run {
  readonly automationDetails: { readonly id: string };
  readonly results: readonly {
    readonly partialFingerprints: { readonly primaryLocationLineHash: string };
    readonly locations: readonly { readonly physicalLocation: { readonly region: { readonly startLine: number } } }[];
  }[];
}

describe('what cannot be told there', () => {
  const all = { uploadSarif: true, summary: false } as const;

  it('names each permission that is missing, as a notice, and the summary has what the comment would have', async () => {
    const github = await start({ token: workflowToken({ pullRequests: 'none', securityEvents: 'none' }) });
    const notices = await run(github, {}, all);
    expect(notices.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(notices[0]?.text).toContain('"pull-requests: write"');
    expect(notices[1]?.text).toContain('"security-events: write"');
    expect(io.summary()).toContain(idOf(1));
    expect(io.summary()).toContain('<code>pull-requests&#58; write</code>');
    expect(runnerCommands(io.lines.join('\n')).filter(({ name }) => name === 'warning')).toHaveLength(2);
  });

  it('says of a fork that its token can only read', async () => {
    const github = await start({ token: forkToken() });
    const notices = await run(github, { plan: pullRequestPlan({ fork: true }) }, all);
    for (const { text } of notices) expect(text).toContain('comes from a fork');
    expect(notices).toHaveLength(2);
    expect(io.summary()).toContain(idOf(1));
  });

  it('says that there is no token', async () => {
    await start();
    const notices = await run(undefined, {}, all);
    for (const { text } of notices) expect(text).toMatch(/^cannot .*: there is no token \(input "token"\)/);
    expect(notices).toHaveLength(2);
  });

  it.each(['hang', 'drop', 'redirect', 'garbage', 'secondary', 500, 401] as const)(
    'outlives an API that answers with %s',
    async (kind) => {
      const github = await start({ faults: [{ operation: '*', kind, times: 1000 }] });
      const notices = await run(github, {}, { ...all, sarif: '/out/unleak.sarif', artifact: 'sarif' });
      expect(notices).toHaveLength(2);
      for (const { text } of notices) expect(text).toMatch(/^cannot [^\n]+$/);
      expect(io.summary()).toContain(idOf(1));
      expect(io.files.get('/out/unleak.sarif')).toContain(idOf(1));
      expect(io.artifacts).toEqual([['sarif', '/out/unleak.sarif']]);
    },
  );

  it('goes on when a file, an artifact or the summary cannot be written', async () => {
    const github = await start();
    const failing: CapturedIo = {
      ...io,
      appendSummary: () => Promise.reject(new Error('disk full')),
      writeFile: () => Promise.reject(new Error('disk full')),
      uploadArtifact: () => Promise.reject(new Error('Unable to get the ACTIONS_RUNTIME_TOKEN env variable')),
    };
    const options = tellOptions({ sarif: '/out/x.sarif', artifact: 'x' });
    const notices = await tell(makeOutcome({ report: found }), context, options, github, failing);
    expect(notices.map(({ text }) => text)).toEqual([
      'could not write the SARIF file: disk full',
      'could not upload the artifact: Unable to get the ACTIONS_RUNTIME_TOKEN env variable',
      "could not write the job's summary: disk full",
    ]);
    expect(fake.state.comments).toHaveLength(1);
  });

  it('writes no more annotations than GitHub shows, notices among them', async () => {
    const github = await start({ token: workflowToken({ pullRequests: 'none', securityEvents: 'none' }) });
    const notices = [{ level: 'error', text: 'the scan is incomplete' }] as const;
    const low = Array.from({ length: 5000 }, (_, at) => inHead(at + 6000, { confidence: 'low' }));
    const of = report({ findings: [...many(5000).findings, ...low] });
    await run(github, { report: of, notices }, all);
    const names = runnerCommands(io.lines.join('\n')).map(({ name }) => name);
    for (const level of ['error', 'warning', 'notice']) {
      expect(names.filter((name) => name === level).length).toBeLessThanOrEqual(10);
    }
    expect(names.filter((name) => name === 'error')).toHaveLength(10);
    expect(names.filter((name) => name === 'warning')).toHaveLength(2);
  });
});

describe('in the place of gitleaks-action', () => {
  it('writes the SARIF that its readers know', async () => {
    const github = await start();
    const options = { gitleaks: true, sarif: '/out/results.sarif', artifact: 'gitleaks-results.sarif' };
    expect(await run(github, {}, options)).toEqual([]);
    const [only] = parseAs<{ runs: readonly { tool: { driver: { name: string } }; results: readonly unknown[] }[] }>(
      io.files.get('/out/results.sarif') ?? '',
    ).runs;
    expect(only?.tool.driver.name).toBe('gitleaks');
    expect(only?.results[0]).toMatchObject({
      partialFingerprints: { commitSha: '1'.repeat(40) },
      ruleId: 'github-pat',
    });
    expect(io.artifacts).toEqual([['gitleaks-results.sarif', '/out/results.sarif']]);
    expect(fake.state.comments[0]?.body).toContain(
      `echo ${'1'.repeat(40)}:src/file-1.ts:github-pat:3 >> .gitleaksignore`,
    );
  });
});

/** A repository on a GitHub of our own, made anew for each test, and the built action run there for an event. */
import { afterAll, afterEach, beforeEach } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { hostRepository, type Hosted } from './checkout.ts';
import { makeTempDir } from './repo.ts';
import { runStep, type Step, type StepResult } from './runner.ts';
import { githubToken } from './tokens.ts';

/** What there is for the test that runs. */
export interface EventScratch {
  readonly github: FakeGithub;
  readonly hosted: Hosted;
  /** The base branch: one commit with a credential that no change brought in. */
  readonly base: string;
  /** Lets the fake GitHub tell what lies between two commits. */
  comparing(...pairs: readonly (readonly [string, string])[]): Promise<void>;
  run(step: Pick<Step, 'workspace' | 'event' | 'payload' | 'sha' | 'ref'> & Partial<Step>): Promise<StepResult>;
}

/** To be called once in a test file. */
export function eventScratch(): EventScratch {
  const folder = makeTempDir('action');
  afterAll(() => folder.remove());
  const old = githubToken('old');
  let github: FakeGithub;
  let hosted: Hosted;
  let base = '';

  beforeEach(async () => {
    github = await startFakeGithub();
    hosted = hostRepository(folder.path);
    hosted.work.commitFiles({ 'README.md': 'a shop\n', 'old.env': `TOKEN=${old}\n` });
    base = hosted.work.commitFiles({ 'src/app.js': 'start();\n' });
    hosted.push(base, 'refs/heads/main');
  });
  afterEach(async () => {
    await github.close();
  });

  return {
    get github() {
      return github;
    },
    get hosted() {
      return hosted;
    },
    get base() {
      return base;
    },
    async comparing(...pairs) {
      await github.close();
      github = await startFakeGithub({
        comparisons: Object.fromEntries(pairs.map(([a, b]) => [`${a}...${b}`, hosted.compare(a, b)])),
      });
    },
    run: (step) =>
      runStep({ apiUrl: github.url, serverUrl: hosted.serverUrl, token: github.state.token.value, ...step }),
  };
}

/** Files that the annotations name, sorted. */
export function files({ annotations }: StepResult): readonly string[] {
  return annotations.flatMap(({ file }) => file ?? []).toSorted();
}

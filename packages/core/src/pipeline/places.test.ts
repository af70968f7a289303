/** Entries of other scanners that name a commit: what they are about is read from the history. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testAmbient } from '../../../../test/support/ambient.ts';
import { repositoryAt, scanSettings } from '../../../../test/support/real-scan.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../test/support/repo.ts';
import { githubToken } from '../../../../test/support/tokens.ts';
import type { Ambient } from '../sources/ambient.ts';
import { peelByGit } from '../sources/git/refs.ts';
import { openDoor } from '../sources/git/door.ts';
import type { PlaceEntry } from '../suppress/gitleaks-ignore.ts';
import { openTarget } from './open-target.ts';
import { resolvePlaces } from './places.ts';
import { run } from './run.ts';
import type { OpenTarget } from './target.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
/** Where git processes of this test have their directories. */
let own: string;
beforeEach(() => {
  dir = makeTempDir('places');
  repo = makeRepo(dir.path);
  own = join(dir.path, 'own');
  mkdirSync(own);
});
afterEach(() => dir.remove());

async function opened(ambient: Ambient, history: 'yes' | 'only' = 'yes'): Promise<OpenTarget> {
  const options = {
    mode: { kind: 'all', history },
    refs: [],
    plain: false,
    noIgnore: false,
    followSymlinks: false,
    allowMissing: false,
    verifyObjects: false,
    maxTextBytes: 1 << 20,
    signal: new AbortController().signal,
  } as const;
  return await openTarget('repo', repo.path, options, ambient, () => undefined);
}

function entryFor(commit: string, path: string): PlaceEntry {
  const place = { commit, path, rule: 'github-pat', startLine: 1 };
  return { by: 'ignore-file', source: '.gitleaksignore', line: 1, text: `${commit}:${path}:github-pat:1`, place };
}

/** Processes whose environment names a directory below `own`. */
function gitProcesses(): number {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`=${own}/`);
    } catch {
      return false;
    }
  }).length;
}

test.runIf(process.platform === 'linux')(
  'one git answers for all of them, and ends with the target',
  { timeout: 120_000 },
  async () => {
    const entries = Array.from({ length: 20 }, (_, at) =>
      entryFor(repo.commitFiles({ [`f${at}`]: `T=${githubToken(`place ${at}`)}\n` }), `f${at}`),
    );
    const target = await opened(testAmbient({ tmpdir: own }));
    try {
      const found = await resolvePlaces(entries, [target], await scanSettings(), () => undefined);
      expect(new Set(found.filter((id) => id !== undefined)).size).toBe(20);
      await vi.waitFor(() => expect(gitProcesses()).toBeLessThanOrEqual(1), 20_000);
      expect(readdirSync(own).length).toBe(1);
    } finally {
      await target.source.close();
    }
    await vi.waitFor(() => expect(gitProcesses()).toBe(0), 20_000);
    expect(readdirSync(own)).toEqual([]);
  },
);

test.runIf(process.platform === 'linux')(
  'no git is left behind by asking what tags lead to',
  { timeout: 120_000 },
  async () => {
    const head = repo.commitFiles({ f: 'x' });
    repo.git('tag', '-a', '-m', 'a tag', 'v1');
    const open = await openDoor(await repositoryAt(repo.path), testAmbient({ tmpdir: own }));
    try {
      const tag = repo.git('rev-parse', 'v1');
      const peeled = await peelByGit(open.door, [tag], new AbortController().signal);
      expect(peeled.get(tag)).toEqual({ type: 'tag', target: head });
      await vi.waitFor(() => expect(gitProcesses()).toBe(0), 20_000);
    } finally {
      await open.close();
    }
  },
);

test.skipIf(process.platform === 'win32')(
  'a git that fails while they are read costs a warning, not what was found',
  { timeout: 120_000 },
  async () => {
    const first = repo.commitFiles({ f: `T=${githubToken('accepted')}\n`, g: `T=${githubToken('kept')}\n` });
    // The history is read without it. The entry counts as it stands: just there.
    const bin = join(dir.path, 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'git'),
      `#!/bin/sh\ncase "$*" in *--version*) echo git version 2.45.0;; *) exit 70;; esac\n`,
    );
    chmodSync(join(bin, 'git'), 0o755);
    const target = await opened(testAmbient({ env: { PATH: bin } }), 'only');
    const warnings: string[] = [];
    try {
      const report = await run({
        tool: { name: 'unleak', version: '0.0.0' },
        targets: [target],
        settings: await scanSettings(),
        entries: [],
        places: [entryFor(first, 'f')],
        include: [],
        exclude: [],
        minSeverity: 'low',
        workers: 1,
        workerUrl: new URL('worker.ts', import.meta.url),
        signal: new AbortController().signal,
        now: () => new Date(0),
        log(level, text) {
          if (level === 'warn') warnings.push(text);
        },
      });
      expect(report.findings.map(({ sightings }) => sightings[0]?.path)).toEqual(['g']);
      expect(report.summary.complete).toBe(true);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/could not be read/);
    } finally {
      await target.source.close();
    }
  },
);

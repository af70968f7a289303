/** git may be ended from outside while it compares commits: what it had written is used, and the rest is asked again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { repositoryAt } from '../../../../../test/support/real-scan.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import type { NotScanned } from '../../types/index.ts';
import { comparePairs, listPairs } from './diff-tree.ts';
import { openDoor } from './door.ts';
import { createGitHistory } from './git-history.ts';

const FILES = 6;

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('diff-tree');
  repo = makeRepo(dir.path);
  for (let at = 0; at < 4; at += 1)
    repo.commitFiles(Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`file${n}`, `${at} ${n}\n`])));
});
afterEach(() => dir.remove());

interface Compared {
  /** `<commit> <path>` for every change, in the order in which they came. */
  readonly changes: readonly string[];
  readonly events: readonly NotScanned[];
}

async function compareWith(path: string): Promise<Compared> {
  const open = await openDoor(await repositoryAt(repo.path), testAmbient({ env: { PATH: path } }));
  const events: NotScanned[] = [];
  const ctx = { signal: new AbortController().signal, notScanned: (event: NotScanned) => events.push(event) };
  const changes: string[] = [];
  try {
    const graph = await createGitHistory(open.door, 1).graph([repo.git('rev-parse', 'HEAD')], [], ctx);
    await comparePairs(
      open.door,
      graph,
      listPairs(graph, false),
      ({ commit }, change) => changes.push(`${graph.table.hex(commit)} ${Buffer.from(change.path).toString()}`),
      ctx,
    );
  } finally {
    await open.close();
  }
  return { changes, events };
}

describe.skipIf(process.platform === 'win32')('a git that is ended from outside', () => {
  const real = process.env['PATH'] ?? '';

  /** A PATH with a git that ends itself, as a machine without memory would end it, behind so many bytes of its answer. */
  function killedBehind(bytes: number, how: 'once' | 'always'): string {
    const bin = join(dir.path, 'bin');
    mkdirSync(bin, { recursive: true });
    const mark = join(dir.path, 'was-killed');
    rmSync(mark, { force: true });
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const test = how === 'once' ? `[ ! -e '${mark}' ]` : 'true';
    const kill = `: > '${mark}'; '${git}' "$@" | head -c ${bytes}; kill -9 $$`;
    writeFileSync(
      join(bin, 'git'),
      `#!/bin/sh\ncase "$*" in diff-tree*) if ${test}; then ${kill}; fi;; esac\nexec '${git}' "$@"\n`,
    );
    chmodSync(join(bin, 'git'), 0o755);
    return `${bin}${delimiter}${real}`;
  }

  test('loses no change, and tells none twice, wherever it is cut', { timeout: 120_000 }, async () => {
    const whole = await compareWith(real);
    expect(whole.events).toEqual([]);
    expect(whole.changes).toHaveLength(4 * FILES);
    // One commit's part of the answer: its id, and for each file a line of about 108 bytes.
    for (const bytes of [0, 20, 60, 300, 705, 720, 1500, 2700, 2830]) {
      expect([bytes, await compareWith(killedBehind(bytes, 'once'))]).toEqual([bytes, whole]);
      expect(existsSync(join(dir.path, 'was-killed'))).toBe(true);
    }
  });

  test('again and again: what could not be compared is named', { timeout: 120_000 }, async () => {
    const whole = await compareWith(real);
    const { changes, events } = await compareWith(killedBehind(300, 'always'));
    expect(new Set(changes).size).toBe(changes.length);
    const named = new Set(events.map(({ where }) => where.slice('git:'.length)));
    for (const change of whole.changes) expect(changes.includes(change) || named.has(change.slice(0, 40))).toBe(true);
    expect(events.length).toBeGreaterThan(0);
    expect(events.every(({ state }) => state === 'failed')).toBe(true);
  });
});

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';
import { createStagedSource } from './staged-source.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('staged');
});
afterEach(() => dir.remove());

/** A path and what is in it: a long text that renames are known by, and secrets. Undefined: it goes. */
interface Change {
  readonly path: string;
  readonly content: { readonly text: number; readonly secrets: readonly string[] } | undefined;
}

const secrets = fc.subarray(['aa', 'bb', 'cc'], { maxLength: 2 });
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.constantFrom('a', 'b', 'd/a', 'd/b', 'e/f/g', 'ä'),
  content: fc.option(fc.record({ text: fc.nat(2), secrets }), { freq: 2, nil: undefined }),
});
const changes = fc.array(change, { maxLength: 6 });

it('says what git says: before the first commit, after one, and in the middle of a merge', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(changes, { freq: 6, nil: undefined }),
      fc.option(changes, { freq: 1, nil: undefined }),
      changes,
      fc.boolean(),
      async (first, merged, last, packed) => {
        const repo = makeRepo(dir.path);
        const files = new Map<string, string>();
        const head = first === undefined ? undefined : commitOf(repo, files, first, []);
        if (head !== undefined) {
          repo.git('update-ref', 'HEAD', head);
          if (merged !== undefined) {
            const other = commitOf(repo, new Map(files), merged, [head]);
            repo.writeGitFile('MERGE_HEAD', `${other}\n`);
          }
          if (packed) repo.git('repack', '-qad');
        }
        stage(repo, files, last);
        const ours = await scan(repo, 'git-staged');
        // An index in two parts is left to git.
        repo.git('update-index', '--split-index');
        expect(ours).toEqual(await scan(repo, 'git-cat-file'));
      },
    ),
    { numRuns: 40 },
  );
});

async function scan(repo: TestRepo, reader: string): Promise<unknown> {
  const repository = await detect(repo.path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const source = createStagedSource({ repository }, testAmbient());
  const { jobs, located, notScanned } = await fakeScan(source);
  await source.close();
  expect(new Set([...jobs.map((job) => job.reader), reader])).toEqual(new Set([reader]));
  return { located, notScanned };
}

/** Puts the changes into the index: `files` holds what is in it, and learns them. */
function stage(repo: TestRepo, files: Map<string, string>, list: readonly Change[]): void {
  for (const { path, content } of list) {
    if (content === undefined) files.delete(path);
    else {
      const text = `${`text ${content.text}\n`.repeat(30)}${content.secrets.map((name) => `${fakeSecret(name)}\n`).join('')}`;
      files.set(path, repo.hashObject(text));
    }
  }
  repo.git('read-tree', '--empty');
  const lines = [...files].map(([path, oid]) => `100644 ${oid}\t${path}\n`);
  repo.gitWith({ input: lines.join('') }, 'update-index', '--index-info');
}

function commitOf(
  repo: TestRepo,
  files: Map<string, string>,
  list: readonly Change[],
  parents: readonly string[],
): string {
  stage(repo, files, list);
  return repo.git('commit-tree', '-m', 'x', ...parents.flatMap((parent) => ['-p', parent]), repo.git('write-tree'));
}

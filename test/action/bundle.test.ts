/** What a release holds of the action is all that it needs: action.yml and `dist/`, on a Node without anything installed. */
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INPUTS, OUTPUTS } from '../../packages/github-action/src/input-table.ts';
import { hostRepository, payloads } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep } from '../support/runner.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const home = join(import.meta.dirname, '../../packages/github-action');

test('action.yml starts a file that is there, and names what the program reads and writes', () => {
  const action = readFileSync(join(home, 'action.yml'), 'utf8');
  expect(action).toContain('using: node24');
  const [, main = ''] = /main: (\S+)/.exec(action) ?? [];
  expect(readdirSync(join(home, 'dist'))).toContain(main.replace('dist/', ''));
  const [inputs = '', outputs = ''] = action.split('\noutputs:');
  const names = (text: string): string[] => [...text.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name]) => name ?? '');
  expect(names(inputs)).toEqual(INPUTS.map(({ name }) => name));
  expect(names(outputs)).toEqual(OUTPUTS.map(({ name }) => name));
});

test('it runs from a folder of its own, workers too, without node_modules above it', async () => {
  const folder = tempFolder();
  cpSync(join(home, 'dist'), join(folder, 'dist'), { recursive: true });
  const place = makeTempDir('bundle');
  const hosted = hostRepository(place.path);
  const { work } = hosted;
  const before = work.commitFiles({ 'README.md': 'a shop\n' });
  // More than this thread scans by itself.
  const filler = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`big-${i}.txt`, `${i} nothing to see here\n`.repeat(50_000)]),
  );
  const after = work.commitFiles({ ...filler, 'app.env': `TOKEN=${githubToken('bundle')}\n` });
  hosted.push(after, 'refs/heads/main');
  const result = await runStep({
    main: join(folder, 'dist/main.cjs'),
    workspace: hosted.checkout(after, 'refs/heads/main', 0),
    event: 'push',
    payload: payloads.push(before, after, 'refs/heads/main'),
    sha: after,
    ref: 'refs/heads/main',
    apiUrl: 'http://127.0.0.1:9',
    serverUrl: hosted.serverUrl,
    inputs: { workers: '2' },
  });
  place.remove();
  expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
});

/** Files of the bundle that are loaded with one of them. */
function loadedWith(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(join(home, 'dist', file), 'utf8');
  for (const [, name = ''] of text.matchAll(/^(?:(?:const|let|var) \w+ = )?require\("\.\/([^"]+)"\)/gm))
    loadedWith(name, known);
  return known;
}

test('a worker does not load what starts the action; what uploads artifacts is loaded only then', () => {
  const artifact = readdirSync(join(home, 'dist')).filter((name) => name.startsWith('artifact'));
  expect(artifact).toHaveLength(1);
  expect([...loadedWith('main.cjs')]).not.toContain(artifact[0]);
  expect(loadedWith('main.cjs').size).toBeGreaterThan(1);
  expect([...loadedWith('worker.cjs')]).not.toContain('main.cjs');
});

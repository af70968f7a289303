import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processIo } from 'unleak/io';
import { runAction } from './action.ts';

test('nothing goes on to take signals once a run is over, also one without a repository', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'event.json'), '{}');
  let handlers = 0;
  let said = '';
  const write = async (text: string): Promise<boolean> => {
    said += text;
    return true;
  };
  const io = processIo();
  const code = await runAction({
    ...io,
    env: {
      PATH: process.env['PATH'],
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_WORKSPACE: folder,
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_SERVER_URL: 'http://127.0.0.1:9',
    },
    stdout: { isTTY: false, columns: 80, write, stream: process.stdout },
    onSignal() {
      handlers += 1;
      return () => {
        handlers -= 1;
      };
    },
  });
  expect([code, handlers]).toEqual([2, 0]);
  expect(said).toContain('there is no git repository in the workspace');
});

/** Secrets reach a caller that has to hide them, and nothing else of the run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processIo } from '../../packages/cli/src/io.ts';
import { runScan } from '../../packages/cli/src/session.ts';
import { traces } from '../support/canary.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { databaseUrl, githubToken } from '../support/tokens.ts';

test.each([
  { title: 'in this thread', filler: 0 },
  { title: 'from workers', filler: 6 << 20 },
])('$title: those of findings, with their parts, and not those that are accepted', async ({ filler }) => {
  const folder = tempFolder();
  const [token, accepted] = [githubToken('carried'), githubToken('carried and accepted')];
  const { url, password } = databaseUrl('carried');
  writeFileSync(join(folder, 'app.env'), `TOKEN=${token}\nDATABASE_URL=${url}\n`);
  writeFileSync(join(folder, 'accepted.env'), `TOKEN=${accepted} # unleak:allow\n`);
  writeFileSync(join(folder, 'filler.txt'), 'nothing to see here\n'.repeat(filler / 20));
  const home = tempFolder();
  const carried: string[][] = [];
  let said = '';
  const io = processIo();
  const output = { ...io.stderr, write: (text: string) => Promise.resolve((said += text) !== '') };
  const { report } = await runScan(
    {
      targets: ['.'],
      mode: { kind: 'all', history: 'yes' },
      logLevel: 'debug',
      settings: { workers: 2 },
      onSecrets: (secrets) => carried.push([...secrets]),
    },
    { ...io, cwd: folder, home, env: { PATH: process.env['PATH'] }, stdout: output, stderr: output },
  );
  expect(carried).toHaveLength(1);
  expect(carried[0]?.toSorted()).toEqual(expect.arrayContaining([password, token].toSorted()));
  expect(carried[0]).not.toContain(accepted);
  expect(report.findings).toHaveLength(2);
  expect(report.revealed).toBe(false);
  expect(traces(Buffer.from(JSON.stringify(report) + said), [token, password, accepted])).toEqual([]);
});

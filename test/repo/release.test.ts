/** What a release moves, with stand-ins for npm and gh that keep what they are asked. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { tempFolder } from '../support/temp-folder.ts';

interface Release {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const { jobs } = parse(
  readFileSync(join(import.meta.dirname, '../../.github/workflows/release.yml'), 'utf8'),
) as Release;

/** Runs the scripts of a job for a tag as a runner does; gives what the stand-ins were asked. */
function runJob(job: string, tag: string, programs: Readonly<Record<string, string>>): readonly string[] {
  const folder = tempFolder();
  const bin = join(folder, 'bin');
  const log = join(folder, 'log');
  mkdirSync(bin);
  mkdirSync(join(folder, 'package'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(folder, 'package/package.json'), '{"name":"unleak"}');
  execFileSync('tar', ['-czf', 'unleak.tgz', 'package'], { cwd: folder });
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'unleak.tgz')))
    .digest('hex');
  writeFileSync(join(folder, 'SHA256SUMS'), `${digest}  unleak.tgz\n`);
  for (const { run } of jobs[job]?.steps ?? [])
    if (run !== undefined)
      execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
        cwd: folder,
        env: {
          PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
          LOG: log,
          GITHUB_REF_NAME: tag,
          GH_REPO: 'acme/unleak',
        },
        stdio: 'pipe',
      });
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

test.skipIf(process.platform !== 'linux').each([
  ['v1.3.0', '--tag latest'],
  ['v1.10.0', '--tag latest'],
  ['v2.0.0', '--tag latest'],
  ['v1.2.9', '--tag older'],
  ['v0.9.1', '--tag older'],
  ['v2.0.0-rc.1', '--tag next'],
])('on npm, while 1.2.10 is the latest, %s goes with %s', (tag, expected) => {
  const asked = runJob('npm', tag, {
    npm: `case "$*" in
      'view unleak dist-tags.latest') echo 1.2.10 ;;
      view*) exit 1 ;;
      *) echo "$*" >>"$LOG" ;;
    esac`,
    jq: 'cat >/dev/null; echo unleak',
  });
  expect(asked).toEqual([expect.stringMatching(new RegExp(`^publish ./unleak.tgz .* ${expected}$`))]);
});

test.skipIf(process.platform !== 'linux').each([
  { tag: 'v1.2.10', kind: '--latest=false', moves: ['v1'] },
  { tag: 'v2.1.0', kind: '--latest', moves: ['v2'] },
  { tag: 'v1.2.9', kind: '--latest=false', moves: [] },
  { tag: 'v2.0.0', kind: '--latest=false', moves: [] },
  { tag: 'v2.2.0-rc.1', kind: '--prerelease', moves: [] },
])('on GitHub, $tag is a release with $kind and moves $moves', ({ tag, kind, moves }) => {
  const tags = ['v1', 'v1.2.9', 'v1.2.10', 'v10.0.0-rc.1', 'v2', 'v2.0.0', 'v2.1.0', 'v2.2.0-rc.1'];
  const asked = runJob('github', tag, {
    gh: `case "$*" in
      *matching-refs/tags/*)
        prefix=\${3##*/tags/}
        for tag in ${tags.join(' ')}; do case $tag in "$prefix"*) echo "refs/tags/$tag" ;; esac; done ;;
      'release view'*) exit 1 ;;
      *commits/*) echo 0123 ;;
      *) echo "$*" >>"$LOG" ;;
    esac`,
  });
  expect(asked[0]).toContain(`release create ${tag} --verify-tag ${kind} `);
  expect(asked.slice(1).map((line) => /tags\/(\S+)/.exec(line)?.[1])).toEqual(moves);
});

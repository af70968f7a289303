/** What is said when git ends without an exit code: with programs of that name that really end so. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorsGit } from './operators-git.ts';

describe.skipIf(process.platform === 'win32')('a git that ends without an exit code', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unleak-git-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A folder whose `git` is this program. */
  async function gitThat(does: string): Promise<NodeJS.ProcessEnv> {
    const program = join(folder, 'git');
    await writeFile(program, `#!${process.execPath}\n${does}\n`);
    await chmod(program, 0o755);
    return { PATH: [folder, dirname(process.execPath)].join(delimiter) };
  }

  it('names the signal that ended it', async () => {
    const env = await gitThat("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
    const git = await operatorsGit(folder, true, { env });
    await expect(git(['status'])).rejects.toThrow(`${folder}: git status was ended by SIGKILL`);
  });

  it('says that it says too much', async () => {
    const env = await gitThat("process.stdout.write(Buffer.alloc(65 * 1024 * 1024, 'a'));");
    const git = await operatorsGit(folder, true, { env });
    await expect(git(['ls-files'])).rejects.toThrow(`${folder}: git ls-files says more than 64 MiB`);
  });

  it('says that there is none', async () => {
    const git = await operatorsGit(folder, true, { env: { PATH: join(folder, 'nothing') } });
    await expect(git(['status'])).rejects.toThrow('git is not installed, or not in PATH');
  });
});

/** The machine that figures come from, in a line. */
import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';

export function describeMachine() {
  const day = new Date().toISOString().slice(0, 10);
  const git = execFileSync('git', ['version'], { encoding: 'utf8' }).trim().replace('git version', 'git');
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${day}, ${platform()} ${release()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${memory}, Node ${process.version}, ${git}`;
}

/** Runs whole processes, one at a time, and measures them: wall time, CPU time and peak memory with all their children. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { treeMemory, waitedSeconds } from './process-tree.mjs';
import { bytes, onlyKnown, resultColumns, resultRows, seconds, table } from './table.mjs';

/** Milliseconds between two looks at the memory of a process tree. */
const interval = 20;

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; default: ours
 * @property {string} [stdout] a file for standard output; default: nowhere
 * @property {string} [stderr] a file for standard error; default: nowhere
 * @property {number} [rounds] fewer rounds than the others
 * @property {() => void | Promise<void>} [prepare] called before each run
 * @property {() => Said} [read] what a run says of itself; called after each that ended
 *
 * @typedef {object} Said
 * @property {string} [scanned] what it read
 * @property {number} [findings]
 * @property {boolean} [failed] its time means nothing
 *
 * @typedef {object} Run
 * @property {number} seconds wall time
 * @property {number | undefined} cpuSeconds user and system time of the tree, as far as its members were waited for
 * @property {number | undefined} peakBytes most memory of the tree that was seen resident, and no less than the most of
 *   any one process
 * @property {number | undefined} ownBytes most of it that is not backed by a file (a mapped pack is)
 * @property {number | null} code
 * @property {string | null} signal
 * @property {boolean} timedOut
 */

/**
 * Runs a program to its end, or ends it with its whole group after `timeout` seconds.
 *
 * @param {Contender} contender
 * @returns {Promise<Run>}
 * @throws when the program cannot be started
 */
export async function run({ command, args, cwd, env = process.env, stdout, stderr }, { timeout = Infinity } = {}) {
  const files = [stdout, stderr].map((path) => (path === undefined ? 'ignore' : openSync(path, 'w', 0o600)));
  const before = waitedSeconds();
  const started = performance.now();
  // A group of its own, so that what it started ends with it.
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', ...files], detached: true });
  const stop = () => {
    endGroup(child.pid);
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let peakBytes;
  let ownBytes;
  const look = setInterval(() => {
    const now = child.pid === undefined ? undefined : treeMemory(child.pid);
    if (now === undefined) return;
    peakBytes = Math.max(peakBytes ?? 0, now.resident, now.highest);
    ownBytes = Math.max(ownBytes ?? 0, now.own);
  }, interval);
  let timedOut = false;
  const tooLong = () => {
    timedOut = true;
    endGroup(child.pid);
  };
  const limit = Number.isFinite(timeout) ? setTimeout(tooLong, timeout * 1000) : undefined;
  try {
    const [code, signal] = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (...how) => resolve(how));
    });
    const after = waitedSeconds();
    const wall = (performance.now() - started) / 1000;
    const cpuSeconds = after === undefined || timedOut ? undefined : after - before;
    return { seconds: wall, cpuSeconds, peakBytes, ownBytes, code, signal, timedOut };
  } finally {
    clearInterval(look);
    clearTimeout(limit);
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    for (const file of files) if (file !== 'ignore') closeSync(file);
  }
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ended by itself meanwhile
  }
}

/**
 * Runs each contender `rounds` times, interleaved, so that a noisy machine is noisy for all, and prints a table with
 * ratios to the first. One that was stopped for its time is not run again. Progress goes to standard error.
 *
 * @param {string} title
 * @param {Contender[]} contenders
 * @returns {Promise<({ name: string, runs: Run[] } & Said)[]>} in the order of the contenders
 */
export async function compare(title, contenders, { rounds = 3, timeout = 1800 } = {}) {
  const results = contenders.map(({ name }) => ({ name, runs: [] }));
  for (let round = 1; round <= rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      const { runs } = results[at];
      if (round > (contender.rounds ?? rounds) || runs.some((done) => done.timedOut)) continue;
      await contender.prepare?.();
      const done = await run(contender, { timeout });
      runs.push(done);
      if (!done.timedOut) Object.assign(results[at], contender.read?.());
      process.stderr.write(
        `  ${round}/${rounds} ${contender.name}: ${seconds(done.seconds)}, CPU ${seconds(done.cpuSeconds)}, ${bytes(done.peakBytes)}${done.timedOut ? ', stopped' : ''}\n`,
      );
    }
  }
  console.log(`\n${title} (rounds: ${rounds}, interleaved; wall: median, smallest–largest; ratio to the first line)\n`);
  console.log(table(...onlyKnown(resultColumns, resultRows(results))));
  return results;
}

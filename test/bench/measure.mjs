/** Runs whole processes and measures them: wall time, and peak memory of the process and all its children (Linux). */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** @returns {Promise<{ seconds: number, peakMiB: number | undefined, code: number | null, stdout: string }>} */
export function run(command, args, { cwd, env, keepOutput = false } = {}) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', keepOutput ? 'pipe' : 'ignore', 'ignore'],
    });
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    let peak;
    const timer = setInterval(() => {
      const now = treeMemory(child.pid);
      if (now !== undefined && now > (peak ?? 0)) peak = now;
    }, 40);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ seconds: Number(process.hrtime.bigint() - started) / 1e9, peakMiB: peak, code, stdout });
    });
  });
}

/** Resident memory in MiB of a process and everything it started; shared pages of children count once each (Pss where it can be read). */
function treeMemory(pid) {
  if (process.platform !== 'linux') return undefined;
  try {
    const parents = new Map();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      } catch {
        // gone meanwhile
      }
    }
    let sum = 0;
    for (const candidate of parents.keys()) {
      for (let p = candidate; p !== undefined && p > 1; p = parents.get(p)) {
        if (p !== pid) continue;
        sum += memoryOf(candidate);
        break;
      }
    }
    return sum / 1024;
  } catch {
    return undefined;
  }
}

function memoryOf(pid) {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/**
 * Runs each contender `rounds` times, interleaved, so that a noisy machine is noisy for all. Prints a table with ratios
 * to the first.
 */
export async function compare(title, contenders, { rounds = 3 } = {}) {
  const results = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries())
      results[i].push(await run(contender.command, contender.args, contender));
  }
  console.log(`\n${title} (${rounds} rounds, interleaved, median; ratio of medians to the first line)`);
  const base = median(results[0].map((r) => r.seconds));
  for (const [i, contender] of contenders.entries()) {
    const seconds = median(results[i].map((r) => r.seconds));
    const peak = Math.max(...results[i].map((r) => r.peakMiB ?? 0));
    const codes = [...new Set(results[i].map((r) => r.code))].join('/');
    console.log(
      `  ${contender.name.padEnd(44)} ${seconds.toFixed(2).padStart(8)} s  ${(seconds / base).toFixed(2).padStart(6)} ×  peak ${String(Math.round(peak)).padStart(5)} MiB  exit ${codes}`,
    );
  }
  return results;
}

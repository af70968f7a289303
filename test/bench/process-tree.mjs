/**
 * What a process and everything it started cost, from /proc (Linux, proc(5)). Elsewhere every answer is `undefined`, and
 * a bench shows a dash.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks a second in /proc/PID/stat: USER_HZ, 100 on every architecture that Node runs on. */
const ticks = 100;

/**
 * User and system time, in seconds, of all children that this process has waited for so far, and of the children those
 * had waited for (cutime and cstime). The difference over one run is the time of its whole tree, to 10 ms.
 */
export function waitedSeconds() {
  const fields = statFields('self');
  return fields && (Number(fields[13]) + Number(fields[14])) / ticks;
}

/**
 * Memory of the tree below and with `pid`, now, in bytes: `resident` (pages that several of them share count each time,
 * and mapped files count as far as they are resident), `own` of it not backed by a file, and `highest`: the most that
 * any one of them ever had resident (what getrusage(2) says at its end). `undefined` when the process is gone.
 */
export function treeMemory(pid) {
  let found;
  for (const member of treeOf(pid)) {
    const status = read(`/proc/${member}/status`);
    if (status === undefined) continue;
    found ??= { resident: 0, own: 0, highest: 0 };
    found.resident += kilobytes(status, 'VmRSS');
    found.own += kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem');
    found.highest = Math.max(found.highest, kilobytes(status, 'VmHWM'));
  }
  return found;
}

/** A process and all its descendants. A process that ends meanwhile is left out, with those it started. */
function treeOf(pid) {
  const members = [pid];
  // Children are listed for each thread. Looking through all of /proc instead would cost more than is measured.
  for (const member of members) {
    for (const thread of threadsOf(member)) {
      const children = read(`/proc/${member}/task/${thread}/children`)?.trim();
      if (children) members.push(...children.split(' ').map(Number));
    }
  }
  return members;
}

function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Fields of /proc/PID/stat from the state on, which follows the name: the name may hold blanks and brackets. */
function statFields(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function kilobytes(status, name) {
  const at = status.indexOf(`\n${name}:`);
  return at < 0 ? 0 : Number.parseInt(status.slice(at + name.length + 2), 10) * 1024;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

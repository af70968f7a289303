// One set-up at a time in one checkout, over several processes and without any server.
//
// The lock is a folder that holds one file with a name of its owner's alone. A folder with the file in it is renamed
// into place, which fails when another non-empty folder stands there: so the lock never exists without its owner. A
// dead owner is cleared by deleting *its* file, which only one of several waiters can do, and never a newer owner's.
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const beatMs = 5_000;
const silentMs = 120_000;

/**
 * Takes the lock at `path`, waiting as long as a living process holds it; `onWait` is called once, with its process
 * id, before the first wait. Returns the function that releases it (safe to call twice, and at exit).
 */
export async function takeLock(path, onWait = () => {}) {
  const name = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const draft = `${path}.${name}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, name), JSON.stringify({ pid: process.pid, host: hostname() }));
  let told = false;
  try {
    while (!moveInto(draft, path)) {
      const owner = readOwner(path);
      if (owner === undefined) continue;
      if (isGone(owner)) {
        removeOwner(path, owner.name);
        continue;
      }
      if (!told) onWait(owner.pid);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  const beat = setInterval(() => touch(join(path, name)), beatMs);
  beat.unref();
  return () => {
    clearInterval(beat);
    removeOwner(path, name);
  };
}

function moveInto(draft, path) {
  try {
    renameSync(draft, path);
    return true;
  } catch (error) {
    // Somebody has it, or had it a moment ago.
    if (['ENOTEMPTY', 'EEXIST'].includes(error.code)) return false;
    // Windows says these of a folder in use, and everybody of one that may not be written.
    if (['EPERM', 'EACCES', 'EBUSY'].includes(error.code) && exists(path)) return false;
    throw error;
  }
}

function readOwner(path) {
  try {
    const [name] = readdirSync(path);
    if (name === undefined) {
      // Cleared by another; Windows does not rename onto an empty folder.
      rmdirSync(path);
      return undefined;
    }
    const file = join(path, name);
    return { ...JSON.parse(readFileSync(file, 'utf8')), name, beat: statSync(file).mtimeMs };
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Its process has ended, or it has not stirred for long (its id may be another's by now, or on another machine). */
function isGone(owner) {
  if (Date.now() - owner.beat > silentMs) return true;
  return owner.host === hostname() && !isAlive(owner.pid);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function removeOwner(path, name) {
  try {
    unlinkSync(join(path, name));
    rmdirSync(path);
  } catch {
    // Taken over meanwhile: nothing of ours is left there.
  }
}

function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Taken over: the work goes on, and its stamps are written by rename.
  }
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

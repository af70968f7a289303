/** What is compared, as contenders for `compare`: unleak as it was built, and the peers that can be had. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './measure.mjs';
import { cacheFolder, findPeers } from './peer-binaries.mjs';
import { peers } from './peers.mjs';
import { unleakReport } from './reports.mjs';

const bin = fileURLToPath(new URL('../../packages/cli/bin/unleak.mjs', import.meta.url));

/** A folder of this run, removed when the process ends: reports hold secrets. */
export const workFolder = mkdtempSync(join(tmpdir(), 'unleak-bench-'));
process.once('exit', () => rmSync(workFolder, { recursive: true, force: true }));

/** Unleak's own files, apart from those of whoever runs the bench: no configuration, no state of other scans. */
const home = join(workFolder, 'home');
const unleakEnv = {
  ...withoutSettings(),
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_DATA_HOME: join(home, 'data'),
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CACHE_HOME: join(home, 'cache'),
};

/** The version of the built unleak, and what its scan offers. */
export function unleakSays(...args) {
  return execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', env: unleakEnv }).trim();
}

/**
 * A scan by unleak with a JSON report into a file.
 *
 * @param {string} name
 * @param {string[]} args after `scan`
 * @param {{ keepState?: boolean }} options whether it may know of earlier scans
 * @returns {import('./measure.mjs').Contender}
 */
export function unleakScan(name, args, { keepState = false } = {}) {
  const report = join(workFolder, 'unleak.json');
  const log = join(workFolder, 'unleak.stderr');
  return {
    name,
    command: process.execPath,
    args: [bin, 'scan', ...args, '--no-progress', '--quiet', '--format', 'json', '--output', report],
    cwd: emptyFolder(),
    env: unleakEnv,
    stderr: log,
    prepare: () => {
      rmSync(report, { force: true });
      if (!keepState) forgetState();
    },
    read: () => said(unleakReport(text(report)), text(log)),
  };
}

/** One scan of next to nothing, so that Node has compiled and kept our code: so it is for whoever runs it a second time. */
export async function warmUp() {
  const scan = unleakScan('warm up', [onePage()]);
  await run(scan, { timeout: 300 });
}

/** Removes what scans have left, but for the code that Node has compiled. */
export function forgetState() {
  for (const folder of ['data', 'state']) rmSync(join(home, folder), { recursive: true, force: true });
  const cache = join(home, 'cache/unleak');
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (name !== 'compiled') rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/**
 * Peers by name (`a,b`, `all` or `none`), each after one run over nothing, so that what it compiles and keeps once is
 * there; those that cannot be had are printed.
 *
 * @param {string} names
 * @param {'history' | 'tree'} what
 * @param {(peer: import('./peers.mjs').Peer) => string} target
 * @param {number | undefined} rounds
 * @returns {Promise<import('./measure.mjs').Contender[]>}
 */
export async function peerScans(names, what, target, rounds) {
  const chosen = names === 'all' ? Object.keys(peers) : names === 'none' ? [] : names.split(',').filter(Boolean);
  const { found, missing } = findPeers(chosen);
  const contenders = [];
  for (const { name, path, version, from } of found) {
    const peer = peers[name];
    const at = (end) => join(workFolder, `${name}.${end}`);
    // Betterleaks takes the format from the extension.
    const report = at('report.json');
    const contender = {
      name: `${name} ${version}`,
      command: path,
      cwd: emptyFolder(),
      env: peerEnv,
      stdout: at('stdout'),
      stderr: at('stderr'),
    };
    await run({ ...contender, args: peer.tree(onePage(), report) }, { timeout: 300 });
    contenders.push({
      ...contender,
      args: peer[what](target(peer), report),
      rounds,
      prepare: () => rmSync(report, { force: true }),
      read: () => said(peer.read(text(report), text(at('stdout')), text(at('stderr'))), text(at('stderr'))),
    });
    console.log(`  ${name} ${version}, ${from}: ${peer.notes[what]}`);
  }
  for (const { name, reason } of missing) console.log(`  ${name}: not measured: ${reason}`);
  return contenders;
}

/** What a scanner says of a run, or that it failed: a failed run is fast, and compares with nothing. */
function said(answer, log) {
  if (answer.failed || answer.findings !== undefined) return answer;
  return { failed: true, scanned: `failed: ${log.trim().split('\n').at(-1).slice(0, 120)}` };
}

const peerEnv = {
  ...withoutSettings(),
  XDG_CACHE_HOME: join(cacheFolder, 'cache'),
  KF_RULE_CACHE_DIR: join(cacheFolder, 'cache/kingfisher-rules'),
};

/** Our environment without what would set options of any of the scanners, or make git read settings of its own. */
function withoutSettings() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:UNLEAK|GITLEAKS|BETTERLEAKS|KINGFISHER|KF|TRUFFLEHOG|GIT)_|^(?:GITHUB|GITLAB)_TOKEN$/.test(name),
    ),
  );
}

/** Where scanners are started: no file there can be taken for settings. */
function emptyFolder() {
  const folder = join(workFolder, 'empty');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function onePage() {
  const folder = join(workFolder, 'page');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'page.txt'), 'nothing to see\n');
  return folder;
}

function text(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

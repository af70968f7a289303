// Everything slow: brings Node and pnpm, installs the workspace, builds. Loaded only when a stamp does not fit.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { explain } from './explain.mjs';
import { takeLock } from './lock.mjs';
import { cache, root, settingUp } from './places.mjs';
import { buildFits, buildState, markBuilt, markSetUp, setUpFits } from './stamps.mjs';

const stillMs = 60_000;

/** A failure that a person can do something about; its message is all that is shown. */
class SetUpError extends Error {
  name = 'SetUpError';
}

/** Brings the Node of the table into `.cache`. */
export function bringNode(node) {
  return alone(async () => {
    if (existsSync(node.path)) return;
    const { name, version, prefix } = node.brought;
    const say = `Node ${version} (this one is ${process.version}, which the project does not run on)`;
    await installPackage(`getting ${say}`, `${name}@${version}`, prefix);
    await step(undefined, 'node', node.path, ['--version'], process.env).catch((/** @type {unknown} */ error) => {
      rmSync(prefix, { recursive: true, force: true });
      throw new SetUpError(
        `the Node that npm brought does not run on this machine (a Linux without glibc, perhaps): install Node 24 yourself and try again. ${error instanceof Error ? error.message : ''}`,
      );
    });
  });
}

/** Installs what the lockfile says, for the chosen Node. */
export function setUp(node) {
  return alone(async () => {
    if (setUpFits(node)) return;
    const pnpm = await bringPnpm();
    const env = environment(node);
    const install = [pnpm, 'install', '--frozen-lockfile'];
    await step('installing dependencies', 'install', node.path, install, env);
    markSetUp(node);
  });
}

/** Builds the rules and the CLI, and with `types` the packages' own output too. */
export function build(node, { types }) {
  return alone(async () => {
    if (!types && buildFits()) return;
    const state = buildState();
    const args = ['--conditions=dev', join(root, 'tools/build.ts'), ...(types ? ['--types'] : [])];
    await step('building', 'build', node.path, args, environment(node));
    markBuilt(state);
  });
}

/** Where pnpm of the pinned version is put. */
export function pnpmFolder() {
  return join(cache, `pnpm-${pnpmVersion()}`);
}

function pnpmVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return /^pnpm@(\d+\.\d+\.\d+)/.exec(packageManager)[1];
}

/** Gives the file that is its program. */
export async function bringPnpm() {
  const version = pnpmVersion();
  const entry = join(pnpmFolder(), 'node_modules/pnpm/bin/pnpm.mjs');
  if (!existsSync(entry)) await installPackage(`getting pnpm ${version}`, `pnpm@${version}`, pnpmFolder());
  return entry;
}

/** For children: our Node first in PATH. */
function environment(node) {
  const env = { ...process.env };
  // pnpm reads npm's files, but not npm's environment.
  if (env.npm_config_registry !== undefined) env.pnpm_config_registry ??= env.npm_config_registry;
  env.PATH = `${dirname(node.path)}${delimiter}${env.PATH ?? ''}`;
  env.CI = 'true'; // pnpm asks nothing
  env[settingUp] = '1';
  // The usual waits between tries add up to minutes before it is said that there is no network.
  env.pnpm_config_fetch_retry_mintimeout ??= '1000';
  env.pnpm_config_fetch_retry_factor ??= '3';
  return env;
}

/** One package into a prefix of its own, there wholly or not at all. No install script runs. */
async function installPackage(title, spec, prefix) {
  const draft = `${prefix}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, 'package.json'), '{ "private": true }\n');
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--prefer-offline',
    '--no-fund',
    // Whatever the npm was told that runs us as its `prepare`.
    '--global=false',
    '--dry-run=false',
    '--package-lock-only=false',
    '--prefix',
    draft,
    spec,
  ];
  try {
    const npm = npmProgram();
    await step(title, 'npm', npm.path, [...npm.args, ...args], process.env);
    rmSync(prefix, { recursive: true, force: true });
    renameSync(draft, prefix);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** npm as a script of this Node, so that no shell and no `.cmd` file is needed; else whatever `npm` is in PATH. */
function npmProgram() {
  const folder = dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath ?? '',
    join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(folder, 'node_modules/npm/bin/npm-cli.js'),
  ];
  const script = scripts.find((file) => file.endsWith('npm-cli.js') && existsSync(file));
  return script === undefined ? { path: 'npm', args: [] } : { path: process.execPath, args: [script] };
}

let running;

// A group of its own: what pnpm starts ends with it when we are stopped.
const detached = process.platform !== 'win32';

function stopRunning(signal) {
  if (running?.pid === undefined) return;
  try {
    process.kill(detached ? -running.pid : running.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Runs one child with its output in `.cache/logs/<name>.log`; says on stderr what is done (no title: nothing).
 * Rejects with a SetUpError that holds the reason and the log's place.
 */
async function step(title, name, path, args, env) {
  if (title !== undefined) say(`${title} …`);
  const what = title?.replace(/ \(.*/s, '') ?? `the check of ${name}`;
  const started = Date.now();
  const still = setInterval(() => say(`still ${what}, ${Math.round((Date.now() - started) / 1000)} s …`), stillMs);
  const chunks = [];
  try {
    const end = await new Promise((resolve) => {
      running = spawn(path, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached });
      running.stdout.on('data', (chunk) => chunks.push(chunk));
      running.stderr.on('data', (chunk) => chunks.push(chunk));
      running.once('error', (error) => resolve(error.message));
      running.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
    });
    if (end === undefined) return;
    const text = Buffer.concat(chunks).toString();
    const log = join(cache, 'logs', `${name}.log`);
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, text);
    throw new SetUpError(`${what} failed (${end}): ${explain(text)}\nunleak: everything it wrote is in ${log}`);
  } finally {
    clearInterval(still);
    running = undefined;
  }
}

/** Runs work under the checkout's lock, and releases it on every way out. */
async function alone(work) {
  mkdirSync(cache, { recursive: true });
  const release = await takeLock(join(cache, 'lock'), (pid) =>
    say(`another set-up is at work (process ${pid}), waiting for it …`),
  );
  const stop = (signal) => {
    stopRunning(signal);
    release();
    process.removeListener(signal, stop);
    process.kill(process.pid, signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  try {
    return await work();
  } finally {
    release();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(signal, stop);
  }
}

function say(line) {
  process.stderr.write(`unleak: ${line}\n`);
}

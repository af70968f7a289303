// What says that nothing has to be done: small records of what the last set-up and the last build were made from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, root } from './places.mjs';

/** The checkout that is meant; another one in tests. */
const here = { root, cache };

const setUpStamp = 'set-up.json';
const buildStamp = 'build.json';

/** Whether node_modules was installed from today's manifests for this Node. */
export function setUpFits(node, at = here) {
  const installed = existsSync(join(at.root, 'node_modules/.modules.yaml'));
  return installed && readStamp(join(at.cache, setUpStamp))?.key === setUpKey(node, at.root);
}

export function markSetUp(node, at = here) {
  writeStamp(join(at.cache, setUpStamp), { key: setUpKey(node, at.root) });
}

function setUpKey(node, root) {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'test/package.json', 'tools/package.json'];
  for (const name of readdirSync(join(root, 'packages')).sort()) files.push(`packages/${name}/package.json`);
  const hash = createHash('sha256').update(`${node.version} ${process.platform}-${process.arch}`);
  for (const file of files) hash.update(`\0${file}\0`).update(readIfThere(join(root, file)) ?? '');
  return hash.digest('hex');
}

/** What a build reads. Tests are not in it. That no module is left out is tested in ../build/sources-of.test.js. */
export const buildInputs = [
  'packages',
  'rules',
  'tools/build',
  'tools/build.ts',
  'tools/build-rules.ts',
  'tools/rule-files.ts',
  'tsconfig.base.json',
  'pnpm-lock.yaml',
];

/** What must be there for a stamp to count. */
const buildOutputs = ['packages/cli/dist/entry.cjs', 'packages/github-action/dist/main.cjs'];

const notRead = new Set(['node_modules', 'dist', 'generated']);

/**
 * Whether the built CLI is up to date. Sizes and times are compared first; where only times differ (a checkout, a
 * touch), contents decide, and the stamp learns the new times.
 */
export function buildFits(at = here) {
  const stamp = readStamp(join(at.cache, buildStamp));
  if (stamp === undefined || !buildOutputs.every((file) => existsSync(join(at.root, file)))) return false;
  const files = listInputs(at.root);
  const quick = quickKey(files);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentKey(files, at.root)) return false;
  writeStamp(join(at.cache, buildStamp), { ...stamp, quick });
  return true;
}

/** The state of the sources; taken before a build, so that an edit during it is not missed. */
export function buildState(at = here) {
  const files = listInputs(at.root);
  return { quick: quickKey(files), content: contentKey(files, at.root) };
}

export function markBuilt(state, at = here) {
  writeStamp(join(at.cache, buildStamp), state);
}

function listInputs(root) {
  const found = [];
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      if (!path.includes('.test.')) found.push({ path, size: stat.size, time: stat.mtimeMs });
      return;
    }
    for (const name of readdirSync(join(root, path)).sort()) if (!notRead.has(name)) visit(`${path}/${name}`);
  };
  for (const input of buildInputs) visit(input);
  return found;
}

function quickKey(files) {
  const hash = createHash('sha256');
  for (const { path, size, time } of files) hash.update(`${path}\0${size}\0${time}\0`);
  return hash.digest('hex');
}

function contentKey(files, root) {
  const hash = createHash('sha256');
  for (const { path } of files) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A stamp that cannot be read is as good as none. */
function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value)}\n`);
  renameSync(draft, path);
}

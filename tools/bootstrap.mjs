#!/usr/bin/env node
// The way in on a machine that has nothing but Node.js 18 or newer, npm and git. It brings the Node and the pnpm that
// the project is pinned to, installs the workspace, builds what is out of date, and then runs the command:
//
//   run …args      the unleak CLI
//   test …steps    every check of the project, or only the named steps
//   bench name …args  a benchmark of test/bench, or what there are
//   build          everything that is built, types included
//   exec …command  a command with the project's Node and tools first in PATH
//   prepare        builds the CLI where it was never built: what npm runs in a clone that it installs from
//   --print-node   the absolute path of the Node that is used
//
// Nothing is imported here that a second run does not need: it should add little to starting Node.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { chooseNode } from './bootstrap/choose-node.mjs';
import { launch, onPath } from './bootstrap/launch.mjs';
import { root, settingUp } from './bootstrap/places.mjs';
import { buildFits, setUpFits } from './bootstrap/stamps.mjs';

const usage = `usage: node tools/bootstrap.mjs run [args…] | test [steps…] | bench [name] [args…] | build | exec command [args…] | prepare | --print-node\n`;

/** Where tools of the workspace lie, for `exec`. */
const binFolders = ['tools/node_modules/.bin', 'test/node_modules/.bin', 'packages/core/node_modules/.bin'];

async function main([command, ...args]) {
  switch (command) {
    case 'run':
      return launch(await readyNode({ build: true }), [join(root, 'packages/cli/bin/unleak.mjs'), ...args], {
        cwd: callersFolder(),
      });
    case 'test':
      return launch(await readyNode({ build: false }), ['--conditions=dev', join(root, 'tools/test.ts'), ...args], {
        cwd: root,
      });
    case 'bench':
      return bench(args);
    case 'build': {
      const node = await readyNode({ build: false });
      const { build } = await import('./bootstrap/set-up.mjs');
      return build(node, { types: true });
    }
    case 'exec': {
      if (args.length === 0) break;
      // Whoever mends a lockfile that does not fit cannot have it fit first.
      const isPnpm = args[0] === 'pnpm';
      const node = isPnpm ? await anyNode() : await readyNode({ build: false });
      const { bringPnpm, pnpmFolder } = await import('./bootstrap/set-up.mjs');
      if (isPnpm) await bringPnpm();
      const folders = [...binFolders.map((folder) => join(root, folder)), join(pnpmFolder(), 'node_modules/.bin')];
      const env = { ...process.env, PATH: [dirname(node.path), ...folders, process.env.PATH ?? ''].join(delimiter) };
      return launch({ ...node, path: onPath(args[0], env.PATH) }, args.slice(1), { cwd: process.cwd(), env });
    }
    case 'prepare':
      // Our own set-up ends with this script, too, since pnpm runs it as npm does.
      if (!existsSync(join(root, 'packages/cli/dist/entry.cjs')) && process.env[settingUp] === undefined)
        await readyNode({ build: true });
      return undefined;
    case '--print-node': {
      const node = await anyNode();
      process.stdout.write(`${node.path}\n`);
      return undefined;
    }
    default:
  }
  process.stderr.write(usage);
  process.exitCode = 2;
  return undefined;
}

async function bench([name, ...args]) {
  const folder = join(root, 'test/bench');
  // Those that can be run say so in their first line; the others are what they share.
  const runs = (file) => readFileSync(join(folder, file), 'utf8').startsWith('#!');
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.mjs') && runs(entry.name))
    .map((entry) => entry.name.slice(0, -'.mjs'.length));
  if (!names.includes(name)) {
    process.stderr.write(`usage: npm run bench -- ${names.join(' | ')} [args…]\n`);
    process.exitCode = 2;
    return;
  }
  const node = await readyNode({ build: true });
  await launch(node, [join(folder, `${name}.mjs`), ...args], { cwd: process.cwd() });
}

/** The chosen Node, brought here if the machine has none that fits. */
async function anyNode() {
  const node = chooseNode();
  if (existsSync(node.path)) return node;
  const { bringNode } = await import('./bootstrap/set-up.mjs');
  await bringNode(node);
  return node;
}

async function readyNode({ build }) {
  const node = await anyNode();
  if (!setUpFits(node)) await (await import('./bootstrap/set-up.mjs')).setUp(node);
  if (build && !buildFits()) await (await import('./bootstrap/set-up.mjs')).build(node, { types: false });
  return node;
}

/**
 * npm starts scripts in the project's folder and says in INIT_CWD where the caller stood: that is where `scan .` is
 * meant. INIT_CWD of another project's script, out of which we may have been called, does not count.
 */
function callersFolder() {
  const { INIT_CWD, npm_package_json: script } = process.env;
  const ours = script !== undefined && script === join(root, 'package.json');
  return ours && INIT_CWD !== undefined && existsSync(INIT_CWD) ? INIT_CWD : process.cwd();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // What stopped a set-up is said in sentences; anything else is a mistake of ours and keeps its stack.
  process.stderr.write(`unleak: ${error.name === 'SetUpError' ? error.message : error.stack}\n`);
  process.exitCode = 2;
}

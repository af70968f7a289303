#!/usr/bin/env node
// The command. It answers `--version` by itself, since loading anything for that would take longer than the answer.
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
const { engines, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

if (!(major >= 26 || (major === 24 && minor >= 15) || (major === 22 && minor >= 22))) {
  process.stderr.write(`unleak: this is Node ${process.version}; unleak runs on ${engines.node}\n`);
  process.exitCode = 2;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  process.stdout.write(`${version}\n`);
} else {
  // In a folder of the user's own: Node's default lies in the shared temporary folder, where another user could have
  // put compiled code for us to run.
  enableCompileCache(join(cacheHome(), 'unleak', 'compiled'));
  await import('../dist/entry.js');
}

function cacheHome() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

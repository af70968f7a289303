#!/usr/bin/env node
// The command. It answers `--version` by itself, since loading anything for that would take longer than the answer. It
// imports nothing: a built-in module that is imported here takes Node several times as long as one that is asked for.
const [major, minor] = process.versions.node.split('.').map(Number);

if (!(major >= 26 || (major === 24 && minor >= 15) || (major === 22 && minor >= 22))) {
  const { readFileSync } = await import('node:fs');
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stderr.write(`unleak: this is Node ${process.version}; unleak runs on ${engines.node}\n`);
  if (process.env.PRE_COMMIT !== undefined)
    process.stderr.write(
      "unleak: install a newer Node, or let pre-commit bring one: language_version: '24.15.0' in the hook, in .pre-commit-config.yaml\n",
    );
  process.exitCode = 2;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  const { createRequire, enableCompileCache } = process.getBuiltinModule('node:module');
  // In a folder of the user's own: Node's default lies in the shared temporary folder, where another user could have
  // put compiled code for us to run.
  const folder = compiledCode();
  if (folder !== undefined) enableCompileCache(folder);
  try {
    createRequire(import.meta.url)('../dist/entry.cjs');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes('dist/entry.cjs')) throw error;
    process.stderr.write('unleak: was never built: npm ran no scripts when it was installed (ignore-scripts)\n');
    process.exitCode = 2;
  }
}

/** Undefined for a user without a home. */
function compiledCode() {
  const { homedir } = process.getBuiltinModule('node:os');
  const { join } = process.getBuiltinModule('node:path');
  try {
    return join(cacheHome(homedir(), join), 'unleak', 'compiled');
  } catch {
    return undefined;
  }
}

function cacheHome(home, join) {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(home, 'AppData/Local');
  return join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

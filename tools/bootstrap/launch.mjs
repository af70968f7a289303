// Starts the real command so that a caller cannot tell that something stood in front of it.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs a program with our stdio and leaves with its exit code, or dies of its signal. Where the program is a script
 * for the very Node that runs this, the script is loaded here: a second process would only cost its start.
 */
export async function launch(node, args, { cwd, env = process.env }) {
  if (node.path === process.execPath && env === process.env && !args[0].startsWith('-')) {
    process.chdir(cwd);
    process.argv.splice(1, process.argv.length, ...args);
    await import(pathToFileURL(args[0]).href);
    return;
  }
  const child = spawn(node.path, args, { cwd, env, stdio: 'inherit' });
  const release = forwardSignals(child);
  const { code, signal, missing } = await new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (error.code === 'ENOENT') resolve({ code: 127, signal: null, missing: true });
      else reject(new Error(`cannot start ${node.path}: ${error.message}`));
    });
    child.once('exit', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  release();
  if (missing) process.stderr.write(`unleak: there is no command ${node.path}\n`);
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal);
}

/** A terminal sends its signals to the child too: passing those on would deliver them twice. */
function forwardSignals(child) {
  const fromTerminal = new Set(process.stdin.isTTY || process.stderr.isTTY ? ['SIGINT', 'SIGQUIT'] : []);
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].map((name) => {
    const handler = () => {
      if (!fromTerminal.has(name)) child.kill(name);
    };
    process.on(name, handler);
    return [name, handler];
  });
  return () => {
    for (const [name, handler] of handlers) process.removeListener(name, handler);
  };
}

/** Finds a command in a PATH; the name itself if it is a path or is not found, so that spawn says what is wrong. */
export function onPath(command, path) {
  if (isAbsolute(command) || command.includes(sep)) return command;
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of path.split(delimiter)) {
    for (const suffix of suffixes) {
      const file = join(folder, command + suffix);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // not here
      }
    }
  }
  return command;
}

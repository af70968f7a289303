import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const oxlint = join(import.meta.dirname, '../node_modules/oxlint/bin/oxlint');

/**
 * Writes files (path → text) into a project of its own, runs the real linter on it with one of our rules alone, and
 * returns what it says as `path:line: message`, sorted.
 */
export function lintProject(rule, options, files) {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-lint-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const config = {
      plugins: [],
      categories: { correctness: 'off' },
      jsPlugins: [join(import.meta.dirname, 'plugin.js')],
      rules: { [`unleak/${rule}`]: ['error', options] },
    };
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
    const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '-f', 'json', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const found = parse(stdout, stderr).diagnostics;
    return found.map(({ filename, labels, message }) => `${filename}:${labels[0].span.line}: ${message}`).sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parse(stdout, stderr) {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`the linter did not run: ${stdout}${stderr}`);
  }
}

/** Modules that are required when they are first used, not when the chunk is loaded that mentions them. */
import type { Plugin } from 'rolldown';

/** What each costs to load, in parts of the time that Node itself takes to start: crypto 20 %, the others about 10 %. */
const LATE: readonly string[] = [
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:timers/promises',
  'node:worker_threads',
  'node:zlib',
];

/** As the bundler writes an import of a module that stays outside: a variable, and for some what `import` adds to it. */
const REQUIRE = /^let (\w+) = require\("([^"]+)"\);\n(?:\1 = [\w$.]+\(\1(?:, 1)?\);\n)?/gm;

const HELPER = `
function requireLate(load) {
  return new Proxy({}, {
    get(_, key) {
      const found = load();
      return key === "default" ? found : found[key];
    },
  });
}
`;

export const lateRequires: Plugin = {
  name: 'late-requires',
  renderChunk(code) {
    let isLate = false;
    const changed = code.replace(REQUIRE, (whole, variable: string, name: string) => {
      if (!LATE.includes(name)) return whole;
      isLate = true;
      return `const ${variable} = requireLate(() => require(${JSON.stringify(name)}));\n`;
    });
    const missed = [...changed.matchAll(/^.*require\("([^"]+)"\).*$/gm)].find(
      ([line, name]) => LATE.includes(name ?? '') && !line.includes('requireLate('),
    );
    if (missed !== undefined) throw new Error(`the bundler writes an import in an unknown way: ${missed[0]}`);
    return isLate ? changed + HELPER : null;
  },
};

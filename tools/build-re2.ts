/**
 * Compiles RE2 to WebAssembly: packages/core/re2/binding.cc with the sources of RE2 and Abseil that the npm package `re2`
 * carries, by Clang, which is itself WebAssembly from npm. So the result is the same bytes on every machine, and it is
 * committed: setting up must not take minutes, nor 130 MB. `--check` says whether the committed file is what its sources
 * give.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const sources = join(root, 'packages/core/re2');
const installed = join(root, '.cache/re2-build');
const target = join(root, 'packages/core/src/engine/re2/re2.wasm');

interface Tree {
  [name: string]: Tree | Uint8Array;
}

type RunClang = (args: readonly string[], files: Tree) => Promise<Tree>;

/** Of RE2: all but what only tests, filters over many patterns and the C++ conveniences need. */
const RE2_SOURCES = [
  ...['bitmap256', 'bitstate', 'compile', 'dfa', 'nfa', 'onepass', 'parse', 'perl_groups', 'prog', 're2', 'regexp'],
  ...['simplify', 'tostring', 'unicode_casefold', 'unicode_groups'],
].map((name) => `re2/re2/${name}.cc`);

const UTIL_SOURCES = ['re2/util/rune.cc', 're2/util/strutil.cc'];

/** Of Abseil: what those need, and what that needs. */
const ABSEIL_SOURCES = [
  ...['base/throw_delegate', 'base/internal/raw_logging', 'container/internal/raw_hash_set', 'hash/internal/hash'],
  ...['hash/internal/city', 'numeric/int128', 'strings/ascii', 'strings/match', 'strings/numbers', 'strings/str_cat'],
  ...['strings/charconv', 'strings/internal/charconv_bigint', 'strings/internal/charconv_parse'],
  ...['strings/internal/memutil', 'strings/internal/utf8'],
  ...['arg', 'bind', 'extension', 'float_conversion', 'output', 'parser'].map(
    (name) => `strings/internal/str_format/${name}`,
  ),
].map((name) => `abseil-cpp/absl/${name}.cc`);

const COMPILE = [
  ...['-O3', '-std=c++17', '-fno-exceptions', '-fno-rtti', '-DNDEBUG', '-msimd128', '-mbulk-memory'],
  ...['-Ishim', '-Ire2', '-Iabseil-cpp'],
];

/** A pattern is parsed by recursion, of bounded depth; memory has to stay below what 32 bits can address as positive. */
const LINK = [
  ...['-O3', '-mexec-model=reactor', '-Wl,--strip-all', '-Wl,--gc-sections', '-Wl,-z,stack-size=1048576'],
  `-Wl,--max-memory=${2 ** 31 - 65536}`,
];

const bytes = await build();
if (process.argv.includes('--check')) {
  if (!existsSync(target) || !readFileSync(target).equals(bytes)) {
    process.stderr.write('packages/core/src/engine/re2/re2.wasm is not what packages/core/re2 gives\n');
    process.exitCode = 1;
  }
} else {
  mkdirSync(join(target, '..'), { recursive: true });
  writeFileSync(target, bytes);
}

async function build(): Promise<Uint8Array> {
  install();
  const entry = pathToFileURL(join(installed, 'node_modules/@yowasp/clang/gen/bundle.js')).href;
  const { runClang } = (await import(entry)) as { readonly runClang: RunClang };
  const files: Tree = {
    ...read(join(installed, 'node_modules/re2/vendor')),
    shim: read(join(sources, 'shim')),
    'binding.cc': readFileSync(join(sources, 'binding.cc')),
  };
  const objects: Record<string, Uint8Array> = {};
  for (const source of [...RE2_SOURCES, ...UTIL_SOURCES, ...ABSEIL_SOURCES, 'binding.cc']) {
    process.stderr.write(`${source}\n`);
    const object = `${source.replaceAll('/', '-')}.o`;
    objects[object] = made(await run(runClang, [...COMPILE, '-c', source, '-o', object], files), object);
  }
  return made(await run(runClang, [...LINK, ...Object.keys(objects), '-o', 're2.wasm'], objects), 're2.wasm');
}

function made(files: Tree, name: string): Uint8Array {
  const file = files[name];
  if (!(file instanceof Uint8Array)) throw new Error(`${name} was not made`);
  return file;
}

/** What is wrong is on standard error by now; the error itself would print all files. */
async function run(runClang: RunClang, args: readonly string[], files: Tree): Promise<Tree> {
  return await runClang(['clang++', ...args], files).catch(() => {
    throw new Error(`clang++ ${args.join(' ')} failed`);
  });
}

/** Compiler and sources at the versions and digests of packages/core/re2/package-lock.json. */
function install(): void {
  mkdirSync(installed, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(sources, name), join(installed, name));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: installed,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('the compiler could not be installed');
}

/** Headers and sources below a folder, without tests. */
function read(folder: string): Tree {
  const tree: Tree = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['testing', 'benchmarks', 'fuzzing'].includes(entry.name)) tree[entry.name] = read(path);
    } else if (/\.(?:h|inc|cc)$/.test(entry.name) && !/_(?:test|benchmark)\./.test(basename(path)))
      tree[entry.name] = readFileSync(path);
  }
  return tree;
}

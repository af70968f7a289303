/**
 * Compiles packages/core/assembly (AssemblyScript) to WebAssembly, as TypeScript modules that hold the bytes in base64:
 * so they travel in a bundle, into worker threads and into tests alike, and loading them reads no file.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_BLOCK } from '../../packages/core/src/bytes/linear-memory.ts';

interface AssemblyModule {
  /** File in the assembly folder, without extension. */
  readonly name: string;
  /** Folder of core's sources that loads it; the module goes to `generated/` there. */
  readonly loadedBy: string;
  /** Where its tables lie in the memory that all modules of a thread share. */
  readonly memoryBase: number;
}

/**
 * In the order of their places. Modules share one memory, so their tables must not overlap: bytes/linear-memory.ts gives
 * out what lies behind them.
 */
const ASSEMBLY_MODULES: readonly AssemblyModule[] = [
  { name: 'pack', loadedBy: 'sources/git/pack', memoryBase: 1024 },
  { name: 'trees', loadedBy: 'sources/git/trees', memoryBase: 47 * 1024 },
  { name: 'engine', loadedBy: 'engine', memoryBase: 48 * 1024 },
];

const compiler = join(import.meta.dirname, '../node_modules/assemblyscript/bin/asc.js');

/**
 * All modules, or the one of this name.
 * @throws Error with what the compiler says, or for tables that reach into those of the next module
 */
export function compileAssembly(core: string, only?: string): void {
  for (const [index, { name, loadedBy, memoryBase }] of ASSEMBLY_MODULES.entries()) {
    if (only !== undefined && only !== name) continue;
    const output = join(core, 'src', loadedBy, 'generated');
    mkdirSync(output, { recursive: true });
    const draft = join(output, `${name}.${process.pid}.wasm`);
    const args = [
      ...[join(core, 'assembly', `${name}.ts`), join(core, 'assembly/tables-end.ts'), '--outFile', draft],
      ...['-O3', '--converge', '--noAssert', '--debug'],
      ...['--runtime', 'stub', '--importMemory', '--zeroFilledMemory', '--memoryBase', String(memoryBase)],
      ...['--enable', 'simd', '--enable', 'bulk-memory', '--enable', 'sign-extension'],
    ];
    const { status, stderr } = spawnSync(process.execPath, [compiler, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name}.ts does not compile:\n${stderr}`);
    const bytes = readFileSync(draft);
    rmSync(draft);
    const next = ASSEMBLY_MODULES[index + 1]?.memoryBase ?? FIRST_BLOCK;
    const end = tablesEnd(bytes);
    if (end > next) throw new Error(`the tables of ${name}.ts end at ${end}, where at ${next} those of others begin`);
    const text = `/** Made by tools/build.ts from packages/core/assembly/${name}.ts. */\nexport const ${name}Module: string =\n  '${bytes.toString('base64')}';\n`;
    const target = join(output, `${name}.ts`);
    writeFileSync(`${target}.${process.pid}`, text);
    renameSync(`${target}.${process.pid}`, target);
  }
}

/** Where a module says that its tables end. */
function tablesEnd(bytes: Uint8Array): number {
  const module = new WebAssembly.Module(bytes);
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const value = kind === 'memory' ? new WebAssembly.Memory({ initial: 32 }) : (): number => 0;
    (imports[from] ??= {})[name] = value;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  return (exports as { readonly tablesEnd: { readonly value: number } }).tablesEnd.value;
}

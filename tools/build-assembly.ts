/** Compiles packages/core/assembly alone: for work on it, without the rest of a build. */
import { join } from 'node:path';
import { compileAssembly } from './build/compile-assembly.ts';

const core = join(import.meta.dirname, '../packages/core');
compileAssembly(join(core, 'assembly'), join(core, 'src/generated'));

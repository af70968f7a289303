/** Compiles packages/core/assembly alone: for work on it, without the rest of a build. */
import { join } from 'node:path';
import { compileAssembly } from './build/compile-assembly.ts';

compileAssembly(join(import.meta.dirname, '../packages/core'));

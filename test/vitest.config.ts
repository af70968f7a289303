// All tests of the workspace. They run on the sources (condition `dev`), except for e2e, which runs what was built.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const conditions = ['dev', 'node', 'import', 'default'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const setupFiles = [join(import.meta.dirname, 'support/seeded.ts')];

export default defineConfig({
  ...shared,
  root: join(import.meta.dirname, '..'),
  test: {
    // A crash in a native module then costs one file, and a test may change its own process.
    pool: 'forks',
    maxWorkers: Math.min(2, availableParallelism()),
    execArgv: ['--conditions=dev'],
    slowTestThreshold: 5_000,
    // Property tests on a busy machine; nothing waits this long on a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { ...shared, test: { setupFiles, name: 'unit', include: ['packages/*/src/**/*.test.ts'] } },
      { ...shared, test: { setupFiles, name: 'repo', include: ['tools/**/*.test.{ts,js}', 'test/repo/**/*.test.ts'] } },
      {
        ...shared,
        test: {
          setupFiles,
          name: 'test',
          include: ['test/**/*.test.{ts,mjs}'],
          exclude: ['test/e2e/**', 'test/repo/**', '**/node_modules/**'],
        },
      },
      { ...shared, test: { setupFiles, name: 'e2e', include: ['test/e2e/**/*.test.ts'] } },
    ],
  },
});

import { expect, test } from 'vitest';
import type { ConfigAmbient } from './ambient.ts';
import { givenFiles } from './files.ts';
import { resolveQuickly } from './resolve-quickly.ts';
import { resolveConfig, type ResolveInput } from './resolve.ts';

const ambient: ConfigAmbient = { env: {}, cwd: '/work', home: '/home/ann', platform: 'linux' };

function input(changes: Partial<ResolveInput> = {}): ResolveInput {
  return {
    flags: {},
    ambient,
    operatorFiles: givenFiles({}),
    target: { kind: 'local', files: givenFiles({}) },
    ...changes,
  };
}

const CASES: Readonly<Record<string, ResolveInput>> = {
  'nothing at all': input(),
  'standard input': input({ target: undefined }),
  'no home': input({ ambient: { ...ambient, home: undefined } }),
  'ignore files in the target': input({
    target: {
      kind: 'local',
      files: givenFiles({
        '.unleakignore': 'docs/**\n',
        '.gitleaksignore': 'a:b:1\n',
        '.betterleaksignore': 'a:c:1\n',
      }),
    },
  }),
  'configuration in the target': input({
    target: { kind: 'local', files: givenFiles({ '.unleak.yaml': 'version: 1\nseverity: high\n' }) },
  }),
  "the user's own configuration": input({
    operatorFiles: givenFiles({ '/home/ann/.config/unleak/config.yaml': 'version: 1\nexitCode: 7\n' }),
  }),
  'a configuration that is named': input({
    config: 'x.yaml',
    operatorFiles: givenFiles({ '/work/x.yaml': 'version: 1\nstrict: true\n' }),
  }),
  'a flag': input({ flags: { 'fail-on': 'high' } }),
  'an output': input({ flags: { output: 'reports/x.json' } }),
  'an absolute output': input({ flags: { output: '/tmp/x.json' } }),
  'an output and another flag': input({ flags: { output: 'x.json', strict: true } }),
  'flags that were not given': input({ flags: { 'fail-on': undefined } }),
  'a variable': input({ ambient: { ...ambient, env: { UNLEAK_WORKERS: '3' } } }),
  'a variable that is misspelt': input({ ambient: { ...ambient, env: { UNLEAK_WORKER: '3' } } }),
  'a private salt': input({ ambient: { ...ambient, env: { UNLEAK_FINGERPRINT_KEY: 'a key of more than sixteen' } } }),
  'a fetched target': input({ target: { kind: 'fetched', files: givenFiles({ '.unleakignore': 'docs/**\n' }) } }),
};

test.each(Object.entries(CASES))('says the same as the full resolver: %s', async (_name, given) => {
  const { config, warnings } = resolveConfig(given);
  const quick = await resolveQuickly(given);
  expect({ config: quick.config, warnings: quick.warnings }).toEqual({ config, warnings });
});

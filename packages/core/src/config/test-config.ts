/** For the configuration's own tests: files of the operator, the user and a target that are not on disk. */
import { join, resolve } from 'node:path';
import { ConfigError } from './error.ts';
import { givenFiles } from './files.ts';
import { resolveConfig, type Config, type ResolvedConfig, type ResolveInput } from './resolve.ts';
import { originText } from './show.ts';

export const CWD: string = resolve('/work-dir');
const HOME: string = resolve('/home/ann');

export interface World {
  /** Files of the operator, relative to the working directory unless absolute. */
  readonly own?: Readonly<Record<string, string>>;
  readonly target?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A configuration file. */
export function yaml(...lines: string[]): string {
  return ['version: 1', ...lines].join('\n');
}

export function run(world: World, input: Partial<ResolveInput> = {}): ResolvedConfig {
  const own = Object.fromEntries(Object.entries(world.own ?? {}).map(([path, text]) => [resolve(CWD, path), text]));
  const user = world.user === undefined ? {} : { [join(HOME, '.config', 'unleak', 'config.yaml')]: world.user };
  return resolveConfig({
    flags: {},
    ambient: { env: world.env ?? {}, cwd: CWD, home: HOME, platform: 'linux' },
    operatorFiles: givenFiles({ ...own, ...user }),
    ...(world.target === undefined ? {} : { target: { kind: 'local', files: givenFiles(world.target) } }),
    ...input,
  });
}

export function config(world: World, input: Partial<ResolveInput> = {}): Config {
  return run(world, input).config;
}

/** Where the value of a key comes from. */
export function origin(resolved: ResolvedConfig, key: string): string {
  const found = resolved.values.find((value) => value.key === key);
  return found === undefined ? 'not shown' : originText(found.origin);
}

export function errorOf(world: World, input: Partial<ResolveInput> = {}): ConfigError {
  try {
    run(world, input);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/**
 * The resolver for those who are waited for: reading configuration takes a YAML parser and a schema, which take longer to
 * load than a small scan takes to run. Where nothing at all is configured but an output, neither is loaded.
 */
import { resolve } from 'node:path';
import { DEFAULT_SALT } from '../bytes/ids.ts';
import { INLINE_MARKERS } from '../suppress/inline.ts';
import type { SuppressionFile } from '../suppress/read-files.ts';
import { DEFAULTS, parseDuration } from './defaults.ts';
import { userDirectories } from './directories.ts';
import { CONFIG_FILES, IGNORE_FILES } from './file-names.ts';
import type { FlagValue } from './layers.ts';
import type { Config, ResolveInput } from './resolve.ts';

export interface QuickConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/** What `resolveConfig` says, without the origin of each value. @throws ConfigError */
export async function resolveQuickly(input: ResolveInput): Promise<QuickConfig> {
  if (isUnconfigured(input)) return { config: unconfigured(input), warnings: [] };
  const { resolveConfig } = await import('./resolve.ts');
  return resolveConfig(input);
}

function isUnconfigured({ flags, config, trustTargetConfig, ambient, operatorFiles, target }: ResolveInput): boolean {
  if (config !== undefined || trustTargetConfig !== undefined || target?.kind === 'fetched') return false;
  if (Object.entries(flags).some(([name, value]) => value !== undefined && !isPlainOutput(name, value))) return false;
  if (Object.keys(ambient.env).some((name) => name.startsWith('UNLEAK_'))) return false;
  const user = userDirectories(ambient);
  if (user !== undefined && operatorFiles.readText(resolve(user.config, 'config.yaml')) !== undefined) return false;
  return target === undefined || CONFIG_FILES.every((name) => target.files.readText(name) === undefined);
}

/** The one setting that says nothing but itself, and that most scans of a pipeline have. */
function isPlainOutput(name: string, value: FlagValue): value is string {
  return name === 'output' && typeof value === 'string' && value !== '';
}

function unconfigured({ target, flags, ambient }: ResolveInput): Config {
  const { output } = flags;
  const { severity, confidence, failOn, maxFileSize, maxDecodeDepth, gitignore, exitCode, strict } = DEFAULTS;
  const { budget, pushBudget, onTimeout } = DEFAULTS;
  return {
    project: { salt: DEFAULT_SALT, privateSalt: false, name: '' },
    rules: { files: [], enable: [], disable: [], overrides: {} },
    paths: { exclude: [] },
    allow: [],
    severity,
    confidence,
    failOn,
    limits: { maxFileSize, maxDecodeDepth },
    ignore: { gitignore, markers: INLINE_MARKERS },
    suppressions: IGNORE_FILES.flatMap(([kind, name]): SuppressionFile[] => {
      const text = target?.files.readText(name);
      return text === undefined ? [] : [{ kind, name, text }];
    }),
    hook: { budget: parseDuration(budget), pushBudget: parseDuration(pushBudget), onTimeout },
    ...(isPlainOutput('output', output) ? { output: resolve(ambient.cwd, output) } : {}),
    exitCode,
    strict,
  };
}

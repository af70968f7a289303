/** The rules that a gitleaks run asks for: those of its configuration, or ours, narrowed by --enable-rule. */
import { readFile } from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nearest, importGitleaks, problemLine, rulesetOf, type Ruleset } from '@unleak/core';
import type { Io } from '../../io.ts';
import { systemReason } from '../../system-reason.ts';
import { UsageError } from '../../usage-error.ts';

export interface GitleaksConfig {
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
}

/**
 * Flag, GITLEAKS_CONFIG, GITLEAKS_CONFIG_TOML, the target's own: the first that is there. `target` is a path.
 * @throws UsageError
 */
export async function findConfig(
  flag: string | undefined,
  target: string | undefined,
  io: Io,
): Promise<GitleaksConfig | undefined> {
  const named = flag ?? nonEmpty(io.env['GITLEAKS_CONFIG']);
  if (named !== undefined) {
    try {
      return { name: named, text: await readFile(resolve(io.cwd, named), 'utf8') };
    } catch (error) {
      throw new UsageError(`${named}: the configuration cannot be read: ${systemReason(error)}`);
    }
  }
  const given = nonEmpty(io.env['GITLEAKS_CONFIG_TOML']);
  if (given !== undefined) return { name: 'GITLEAKS_CONFIG_TOML', text: given };
  if (target === undefined) return undefined;
  const folder = resolve(io.cwd, target);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const path = join(folder, '.gitleaks.toml');
  try {
    return { name: join(target, '.gitleaks.toml'), text: await readFile(path, 'utf8') };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`${path}: cannot be read: ${systemReason(error)}`);
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** The configuration's rules; without `useDefault` they stand alone, as with gitleaks. @throws RuleError */
export function configuredRules(
  config: GitleaksConfig,
  defaults: Ruleset,
  io: Io,
): { readonly ruleset: Ruleset; readonly warnings: readonly string[] } {
  const { ruleset, warnings } = importGitleaks({
    name: config.name,
    text: config.text,
    defaults,
    workingDirectory: io.cwd,
    readText(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
  });
  return { ruleset, warnings: warnings.map(problemLine) };
}

/** @throws UsageError for an id that no rule has, as gitleaks has it */
export function enabledRules(ruleset: Ruleset, ids: readonly string[]): Ruleset {
  const chosen = ids.map((id) => {
    const found = ruleset.rules.filter((rule) => rule.id === id || rule.aliases.gitleaks?.includes(id) === true);
    if (found.length > 0) return found;
    const near = nearest(
      id,
      ruleset.rules.flatMap((rule) => [rule.id, ...(rule.aliases.gitleaks ?? [])]),
    );
    throw new UsageError(
      `--enable-rule: there is no rule '${id}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
    );
  });
  return rulesetOf([...new Set(chosen.flat())], ruleset.allow);
}

/** Files that count by their names alone, in the root of a target. */
import type { SuppressionFileKind } from '../suppress/read-files.ts';
import { DEFAULTS } from './defaults.ts';

/** The first that is there is the configuration. */
export const CONFIG_FILES: readonly string[] = ['unleak.yaml', '.unleak.yaml'];

/** The first of them, unless the configuration names another in its place; those of other scanners in any case. */
export const IGNORE_FILES: readonly (readonly [SuppressionFileKind, string])[] = [
  ['ignore-file', DEFAULTS.ignoreFile],
  ['gitleaks-ignore', '.gitleaksignore'],
  ['gitleaks-ignore', '.betterleaksignore'],
];

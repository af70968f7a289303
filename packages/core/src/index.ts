/** What `@unleak/core` offers: every name by hand. */
export type * from './types/index.ts';
export { CONFIDENCES, KINDS, SEVERITIES } from './types/index.ts';

export { neutralise } from './bytes/display.ts';
export { shellArgument, shellQuoted } from './bytes/shell-word.ts';
export { nearest } from './bytes/nearest.ts';
export { DEFAULT_SALT, isCredentialId, saltTag, tagOfId } from './bytes/ids.ts';

export { PatternError } from './engine/regex.ts';
export { createScanner, type Scanner } from './engine/scanner.ts';
export type { Trace, TraceEvent } from './engine/trace.ts';

export { defaultRuleset } from './rules/default-ruleset.ts';
export { importGitleaks, type GitleaksRules } from './rules/gitleaks-toml.ts';
export { RuleError, problemLine, type Problem } from './rules/problem.ts';
export { buildRuleset, type RuleText } from './rules/ruleset.ts';
export { rulesetOf } from './rules/ruleset-of.ts';
export { overrideRules, selectRules, type RuleOverride, type Selection } from './rules/select.ts';
export { SelectionError } from './rules/selection-error.ts';
export { checkRules, type CheckReport, type FoundSecret } from './rules/check.ts';
export { gates } from './engine/gates.ts';

export type { Ambient } from './sources/ambient.ts';
export { removeTemporaryNow } from './sources/temporary.ts';
export { GitError } from './sources/git/git-error.ts';
export { isUrl, shownUrl } from './sources/git/remote-url.ts';
export { borrowRepository, type BorrowedRepository } from './sources/git/borrowed-repository.ts';
export { detect, repositoryAt, type Repository, type Target } from './sources/git/detect.ts';

export type { ConfigAmbient } from './config/ambient.ts';
export { ConfigError } from './config/error.ts';
export { CONFIG_FILES, IGNORE_FILES } from './config/file-names.ts';
export { operatorFiles, targetFiles, type ConfigFiles } from './config/files.ts';
export { resolveQuickly, type QuickConfig } from './config/resolve-quickly.ts';
export {
  resolveConfig,
  type Config,
  type ResolvedConfig,
  type ResolvedValue,
  type ResolveInput,
} from './config/resolve.ts';
export { userDirectories } from './config/directories.ts';
export { loadUserKey, UserKeyError, type UserKey } from './config/user-key.ts';
export type { OnTimeout } from './config/schema.ts';
export { newSalt, withSalt } from './config/write-salt.ts';
export { originText, showValues } from './config/show.ts';
export type { FlagValue } from './config/layers.ts';
export { SETTINGS } from './config/settings.ts';

export { SuppressionError } from './suppress/error.ts';
export { isDate } from './suppress/dates.ts';
export { addToIgnoreFile, parseIgnoreFile } from './suppress/ignore-file.ts';
export { parseBaseline, writeBaseline } from './suppress/baseline.ts';
export { readSuppressionFiles, type SuppressionFile } from './suppress/read-files.ts';
export { INLINE_MARKERS, type InlineMarker } from './suppress/inline.ts';

export type { Progress } from './pipeline/scan.ts';
export { hitsIn } from './pipeline/hits-in.ts';
export { run, type RunOptions } from './pipeline/run.ts';
export type { MemoryOptions } from './pipeline/memory/memory.ts';
export { createStdinSource } from './sources/stdin-source.ts';
export { openTarget } from './pipeline/open-target.ts';
export { createDeadline } from './pipeline/deadline.ts';
export type { OpenTarget, TargetMode, TargetOptions } from './pipeline/target.ts';
export { effectiveRules, prepare, type Prepared, type PrepareOptions } from './pipeline/prepare.ts';

export { grouped, plural, wrap } from './reports/terminal/layout.ts';
export { style, type Style } from './reports/terminal/style.ts';
export {
  REPORT_FORMATS,
  DEFAULT_EXIT_OPTIONS,
  advise,
  commitOf,
  compareConfidence,
  createReporter,
  exitCode,
  fails,
  filePath,
  findFormat,
  firstSeen,
  formatForPath,
  gitleaksFingerprint,
  presence,
  presenceText,
  primarySighting,
  removedBy,
  shortCommit,
  sortReport,
  type FailPolicy,
  type Presence,
  type ReportFormat,
} from './reports/index.ts';

/**
 * What was not scanned. `excluded`: by stated policy, counted and listed, exit code untouched (`--strict` turns it into
 * failed). `failed`: the scan is incomplete.
 */
export const EXCLUDED_REASONS = [
  'binary',
  'too-large',
  'ignored',
  'lfs-pointer',
  'shallow-boundary',
  'missing-allowed',
  'symlink',
  'submodule',
  'special-file',
] as const;
export type ExcludedReason = (typeof EXCLUDED_REASONS)[number];

export const FAILED_REASONS = [
  'unreadable',
  'not-found',
  'not-a-repository',
  'corrupt',
  'missing',
  'changed-while-read',
  'cut-off',
  'limit',
  'interrupted',
  'unresolvable-base',
  'git-failed',
  'clone-failed',
] as const;
export type FailedReason = (typeof FAILED_REASONS)[number];

export type NotScanned =
  | {
      readonly state: 'excluded';
      readonly reason: ExcludedReason;
      readonly where: string;
      readonly detail?: string;
      readonly count?: number;
    }
  | {
      readonly state: 'failed';
      readonly reason: FailedReason;
      readonly where: string;
      readonly detail?: string;
      readonly count?: number;
    };

/** Hooks in which unleak looks for credentials. */
export const HOOK_NAMES = ['pre-commit', 'pre-push'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** What is put behind the name of a hook that was there before ours. */
export const KEPT_SUFFIX = '.before-unleak';

/** Where the pre-commit framework moves a hook that it finds, to run it first. */
export const FRAMEWORKS_SUFFIX = '.legacy';

/**
 * Every other hook that git (githooks(5), up to 2.54) looks for in the folder of `core.hooksPath`, but for
 * `push-to-checkout`, `proc-receive` and `fsmonitor-watchman`: the first two change what git does by being there, the
 * third is found by its own setting.
 */
export const OTHER_HOOKS: readonly string[] = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'pre-receive',
  'update',
  'post-receive',
  'post-update',
  'reference-transaction',
  'pre-auto-gc',
  'post-rewrite',
  'sendemail-validate',
  'post-index-change',
  'p4-changelist',
  'p4-prepare-changelist',
  'p4-post-changelist',
  'p4-pre-submit',
];

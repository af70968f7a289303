/** What `@unleak/pre-commit` offers: every name by hand. */
export { HOOK_NAMES, type HookName } from './install/hook-names.ts';
export type { AskGit, GitAnswer } from './ask-git.ts';
export { HookInstallError } from './install/install-error.ts';
export type { Program } from './install/hook-script.ts';
export {
  installForUser,
  installInRepository,
  type Installed,
  type InstalledHook,
  type InstallRequest,
} from './install/install-hooks.ts';
export {
  uninstallForUser,
  uninstallFromRepository,
  type Uninstalled,
  type UninstallRequest,
} from './install/uninstall-hooks.ts';
export {
  parsePushedRefs,
  pushOfFramework,
  PushedRefsError,
  type FrameworkPush,
  type PushedRef,
  type PushedRefs,
} from './pushed-refs.ts';
export { stopMessage, type StopMessageOptions } from './message/stop-message.ts';
export {
  failedMessage,
  outOfTimeMessage,
  strictMessage,
  type OutOfTimeOptions,
  type UnfinishedOptions,
} from './message/unfinished.ts';
export { applyFix, type FixResult } from './fix/apply.ts';
export { describePlan, describeResult } from './fix/describe.ts';
export type { GitPlace } from './fix/git.ts';
export { planFix, type FixPlan } from './fix/plan.ts';

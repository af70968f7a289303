/** What `@unleak/pre-commit` offers: every name by hand. */
export { HOOK_NAMES, type HookName } from './install/hook-names.ts';
export type { AskGit, GitAnswer } from './install/ask-git.ts';
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

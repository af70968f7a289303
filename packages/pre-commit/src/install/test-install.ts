/** For the tests of installing: what was done, in a word for each hook. */
import { HOOK_NAMES } from './hook-names.ts';
import type { Installed, InstallRequest } from './install-hooks.ts';
import { uninstallFromRepository, type Uninstalled } from './uninstall-hooks.ts';

/** What was done with each hook. */
export function outcomes({ hooks }: Installed | Uninstalled): readonly string[] {
  return hooks.map(({ outcome }) => outcome);
}

/** Takes both hooks away; gives what was done with each. */
export async function uninstall(
  scratch: { request(cwd: string): InstallRequest },
  cwd: string,
  force = false,
): Promise<readonly string[]> {
  return outcomes(await uninstallFromRepository({ ...scratch.request(cwd), hooks: HOOK_NAMES, force }));
}

// Where things lie: the repository and the one folder outside of git's sight that the bootstrap writes to.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Tools that were brought, stamps, logs and the lock. */
export const cache = join(root, '.cache');

/** Environment variable that what a set-up starts can tell itself by. */
export const settingUp = 'UNLEAK_SETTING_UP';

/** Runs before every test file: properties draw the same values each time, so that what fails here fails there. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['UNLEAK_TEST_SEED'] ?? 1) });

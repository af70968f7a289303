/** The process edge: what the runner starts. */
import { processIo } from 'unleak/io';
import { runAction } from './action.ts';

// Set, not called with: what was written has to arrive.
void runAction(processIo()).then((code) => {
  process.exitCode = code;
});

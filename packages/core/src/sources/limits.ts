/** A text above this is excluded as `too-large`: it would have to be in memory whole, once per worker. */
export const DEFAULT_MAX_TEXT_BYTES: number = 512 * 1024 * 1024;

/** Work in one job of history texts. Small enough to share among workers, large enough to pay for a start. */
export const HISTORY_JOB_BYTES: number = 24 * 1024 * 1024;

/** Work in one job of files. */
export const FILES_JOB_BYTES: number = 8 * 1024 * 1024;

/** What one small text costs besides its bytes, expressed in bytes, so that many tiny texts do not make one huge job. */
export const TEXT_OVERHEAD_BYTES = 512;

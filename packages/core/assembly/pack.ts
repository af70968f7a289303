/**
 * The module of the pack reader: zlib streams and deltas, from and to places in memory that the caller names. It holds
 * nothing but tables; sources/git/pack/kernel.ts is the door to it.
 */
export { inflate } from './inflate';
export { applyDelta, resultSize } from './delta';
export { hasZero } from './zero';

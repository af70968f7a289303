/** The module of the engine; packages/core/src/engine/kernel.ts is the door to it. */
export { configure } from './tables';
export { occurrenceCount, scan } from './occurrences';
export { candidateCount } from './weigh';
export { holds } from './gates';
export { dependsOnWhole, findRegions, sawNul } from './regions';
export { decodeBase64, decodeHex } from './base64';
export { decodeEscapes, escapeKinds } from './escapes';
export { decodeUtf16 } from './utf16';
export { countLines } from './lines';
export { beginMemo, forgetAll, recall, remember } from './memo';

import type { Hit } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';
import { createTextScanner } from './text-scanner.ts';

/**
 * What the rules find in one text that lies in memory, with ids and places but without judging paths and exceptions: to
 * see whether what a scan has found is still there.
 */
export function hitsIn(bytes: Uint8Array, settings: TextScanSettings): readonly Hit[] {
  return createTextScanner(settings).scan({ id: 'text', bytes })?.hits ?? [];
}

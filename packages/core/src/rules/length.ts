/** How long a match of a pattern can be, in bytes of UTF-8. */
import { widest } from './char-set.ts';
import type { Re2Node } from './re2-node.ts';

/** The longest match, Infinity if there is none. Characters count as their widest member: `.` is 4 bytes, `(?i)k` 3. */
export function maxBytes(node: Re2Node): number {
  switch (node.type) {
    case 'char':
      return widest(node.set);
    case 'assert':
      return 0;
    case 'group':
      return maxBytes(node.node);
    case 'concat':
      return node.nodes.reduce((sum, child) => sum + maxBytes(child), 0);
    case 'alternate':
      return node.nodes.reduce((most, child) => Math.max(most, maxBytes(child)), 0);
    case 'repeat': {
      const once = maxBytes(node.node);
      return once === 0 || node.max === 0 ? 0 : once * node.max;
    }
  }
}

/** The least number of characters in a match; each is at least one byte. */
export function minChars(node: Re2Node): number {
  switch (node.type) {
    case 'char':
      return 1;
    case 'assert':
      return 0;
    case 'group':
      return minChars(node.node);
    case 'concat':
      return node.nodes.reduce((sum, child) => sum + minChars(child), 0);
    case 'alternate':
      return node.nodes.reduce((least, child) => Math.min(least, minChars(child)), Infinity);
    case 'repeat':
      return node.min === 0 ? 0 : minChars(node.node) * node.min;
  }
}

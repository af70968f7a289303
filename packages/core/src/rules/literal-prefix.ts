import { asciiMembers } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { groupsOf } from './re2-node.ts';
import type { Re2Node } from './re2-node.ts';

/** The text that every secret of the pattern begins with: the literal start of the group `secret`, or ''. */
export function literalPrefix(pattern: Re2Node): string {
  const prefixes = groupsOf(pattern)
    .filter((group) => group.name === 'secret')
    .map((group) => startOf(group.node).text);
  return prefixes.length === 0 ? '' : prefixes.reduce(common);
}

interface Start {
  readonly text: string;
  /** The node takes this text alone, so that what follows it goes on. */
  readonly whole: boolean;
}

function startOf(node: Re2Node): Start {
  switch (node.type) {
    case 'assert':
      return { text: '', whole: true };
    case 'char': {
      const only = single(node.set);
      return only === undefined ? { text: '', whole: false } : { text: only, whole: true };
    }
    case 'group':
      return startOf(node.node);
    case 'repeat': {
      if (node.min === 0) return { text: '', whole: false };
      const once = startOf(node.node);
      if (!once.whole) return once;
      return { text: once.text.repeat(node.min), whole: node.max === node.min };
    }
    case 'alternate': {
      const branches = node.nodes.map(startOf);
      const text = branches.map((b) => b.text).reduce(common);
      return { text, whole: branches.every((b) => b.whole && b.text === text) };
    }
    case 'concat': {
      let text = '';
      for (const child of node.nodes) {
        const next = startOf(child);
        text += next.text;
        if (!next.whole) return { text, whole: false };
      }
      return { text, whole: true };
    }
  }
}

function single(set: CharSet): string | undefined {
  const members = asciiMembers(set);
  return set.high === 0 && members.length === 1 ? members[0] : undefined;
}

function common(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

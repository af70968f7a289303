/** The tree of a pattern, as re2-syntax.ts makes it. */
import type { CharSet } from './char-set.ts';

export type AssertKind = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word' | 'not-word';

interface Place {
  /** Half-open range of the pattern's characters that the node comes from. */
  readonly start: number;
  readonly end: number;
}

export interface CharNode extends Place {
  readonly type: 'char';
  readonly set: CharSet;
}
export interface AssertNode extends Place {
  readonly type: 'assert';
  readonly kind: AssertKind;
}
export interface ConcatNode extends Place {
  readonly type: 'concat';
  readonly nodes: readonly Re2Node[];
}
export interface AlternateNode extends Place {
  readonly type: 'alternate';
  readonly nodes: readonly Re2Node[];
}
export interface RepeatNode extends Place {
  readonly type: 'repeat';
  readonly node: Re2Node;
  readonly min: number;
  /** Infinity if there is no upper bound. */
  readonly max: number;
}
export interface GroupNode extends Place {
  readonly type: 'group';
  readonly node: Re2Node;
  /** From 1; undefined for a group that does not capture. */
  readonly index?: number;
  readonly name?: string;
}
export type Re2Node = CharNode | AssertNode | ConcatNode | AlternateNode | RepeatNode | GroupNode;

/** All groups, capturing or not, outermost first. */
export function groupsOf(node: Re2Node): GroupNode[] {
  switch (node.type) {
    case 'char':
    case 'assert':
      return [];
    case 'repeat':
      return groupsOf(node.node);
    case 'group':
      return [node, ...groupsOf(node.node)];
    case 'concat':
    case 'alternate':
      return node.nodes.flatMap(groupsOf);
  }
}

/**
 * The name of an `assign` form, taken apart where it is bounded by a word edge. Short names need one (`lob` stands in
 * `blob`), but in an identifier words are also parted by `_`, digits and capitals: `LOB_KEY`, `myLobKey`.
 */
import { asciiMembers } from './char-set.ts';
import { parseRe2 } from './re2-syntax.ts';
import type { Re2Node } from './re2-node.ts';

export interface NameParts {
  /** Names without a word edge at their end, to be read with case ignored. */
  readonly plain: readonly string[];
  /** Names after which no letter may follow. Complete, case included. */
  readonly edged: readonly string[];
  /** Names that must be followed by a capital, which begins the next word. Complete, case included. */
  readonly camel: readonly string[];
}

const NO_LETTER_BEFORE = '(?:^|[^A-Za-z])';

/** @throws Re2SyntaxError */
export function expandName(name: string): NameParts {
  const plain: string[] = [];
  const edged: string[] = [];
  const camel: string[] = [];
  const root = unwrapped(parseRe2(name));
  for (const branch of root.type === 'alternate' ? root.nodes : [root]) {
    const nodes = branch.type === 'concat' ? [...branch.nodes] : [branch];
    const first = nodes[0];
    const last = nodes[nodes.length - 1];
    const lead = nodes.length > 1 && first !== undefined && isEdge(first, 'text-start');
    const trail = nodes.length > 1 && last !== undefined && isEdge(last, 'text-end');
    if (!lead && !trail) {
      plain.push(name.slice(branch.start, branch.end));
      continue;
    }
    const core = nodes.slice(lead ? 1 : 0, trail ? -1 : undefined);
    const source = name.slice(core[0]?.start ?? 0, core[core.length - 1]?.end ?? 0);
    const words = literals(core, name) ?? [];
    const start = lead ? NO_LETTER_BEFORE : '';
    if (!trail) {
      plain.push(`(?:${start}${source}${words.map((w) => `|(?-i:[a-z0-9]${capital(w)})`).join('')})`);
      continue;
    }
    edged.push(`${start}(?i:${source})`);
    for (const word of words) {
      if (lead) edged.push(`[a-z0-9]${capital(word)}`);
      camel.push(`${start}${eitherInitial(word)}`);
      if (lead) camel.push(`[a-z0-9]${capital(word)}`);
    }
  }
  return { plain, edged, camel };
}

function unwrapped(node: Re2Node): Re2Node {
  return node.type === 'group' && node.index === undefined && node.node.type === 'alternate' ? node.node : node;
}

/** `\b`, or a group of one class of non-letters and the text's start (or end). */
function isEdge(node: Re2Node, anchor: 'text-start' | 'text-end'): boolean {
  if (node.type === 'assert') return node.kind === 'word' || node.kind === anchor;
  if (node.type !== 'group' || node.node.type !== 'alternate') return false;
  return node.node.nodes.every(
    (child) =>
      (child.type === 'assert' && (child.kind === anchor || child.kind === 'word')) ||
      (child.type === 'char' && asciiMembers(child.set).every((c) => !/[a-z]/.test(c))),
  );
}

/** The words that the nodes spell, lower case: one literal, or a group of alternatives that are literals. */
function literals(nodes: readonly Re2Node[], source: string): string[] | undefined {
  const [only] = nodes;
  const group = nodes.length === 1 && only?.type === 'group' ? only.node : undefined;
  const parts =
    group === undefined
      ? [source.slice(nodes[0]?.start ?? 0, nodes[nodes.length - 1]?.end ?? 0)]
      : branches(group, source);
  return parts.every((p) => /^[A-Za-z]{2,}$/.test(p)) ? parts.map((p) => p.toLowerCase()) : undefined;
}

function branches(node: Re2Node, source: string): string[] {
  return (node.type === 'alternate' ? node.nodes : [node]).map((child) => source.slice(child.start, child.end));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function eitherInitial(word: string): string {
  return `[${word.charAt(0).toUpperCase()}${word.charAt(0)}]${word.slice(1)}`;
}

/**
 * The short forms `assign` and `near` as RE2 source (docs/rules.md, "Pattern"). All repeats are bounded and nearly all
 * classes ASCII, since a rule's window is as long as its longest match.
 */
import { asciiMembers, union } from './char-set.ts';
import { expandName } from './name-words.ts';
import { parseRe2 } from './re2-syntax.ts';
import type { Re2Node } from './re2-node.ts';

export interface AssignForm {
  /** RE2, case ignored. A word edge at either end (`\b`, `(?:^|[^a-z])`) also stands between the words of an identifier. */
  readonly name: string;
  /** RE2, case-sensitive. */
  readonly value: string;
}

export interface NearForm extends AssignForm {
  /** Most bytes between name and value. */
  readonly gap?: number | undefined;
}

const DEFAULT_GAP = 40;
/** Printable ASCII and line ends. */
const PRINTABLE = '[\\t\\n\\r\\x20-\\x7e]';
/** The same without letters and what identifiers are made of. */
const PUNCTUATION = '[\\n\\r\\x21-,/:-@\\[-^`{-~]';
const SPACES = '[ \\t]{0,16}';
const QUOTE = '\\\\{0,3}["\'`]';

/** What an identifier or a phrase may go on with after the name: `_API_KEY`, `.apiKey`, ` access token`. */
const REST = '[0-9A-Za-z_.\\- \\t]{0,40}';
const REST_START = '[0-9_.\\- \\t]';
/**
 * For a value whose own name does not hold the provider's: from the one to the other (another line of the same block,
 * the rest of a URL, a call), and a word that says "what follows is a credential".
 */
const OWN_NAME = `${PRINTABLE}{0,80}?(?i:key|token|secret|auth|pass|pwd|cred|bearer|value|default)[0-9A-Za-z_.\\- \\t]{0,20}`;

/** What closes the name: a quote, perhaps escaped, and brackets of an index or a call. */
const CLOSE = `(?:${QUOTE}|&quot;|%22)?[\\])}]{0,2}`;
/** `=`, `:`, `=>`, `:=`, `==`, `||`, `?=`, `+=`, `:-`, `->`, `,`, `(`, `>`, `<-`, `or`, `is`. A plus after `=` begins a value. */
const OPERATOR = ':-|-?\\+?[=:>|?!,(~]{1,4}|<-|(?:or|is|to)[ \\t:]';
/** `: string =`, `?: &str =`. */
const TYPED = "\\??:[ \\t]{0,2}[0-9A-Za-z_.<>\\[\\]|?&*' ]{1,24}=";
/** `name" value="`, `name:\n  value: `, `variable "name" {\n  default = "`: the value under a key of its own. */
const UNDER_VALUE = `[ \\t\\r\\n,;:={(]{1,24}(?:${QUOTE})?(?i:[a-z_.]{0,8}(?:value|default|string|text|content|data))(?:${QUOTE})?${SPACES}[=:]`;
/** `</key><string>`, and the rest of an opening tag. */
const NEXT_ELEMENT =
  '</[A-Za-z]{1,12}>[ \\t\\r\\n]{0,16}<[A-Za-z]{1,12}>| [A-Za-z:]{1,16}=["\'][0-9A-Za-z_.:/-]{0,24}["\'] ?>';
const CONNECT = `(?:${SPACES}(?:${TYPED}|${OPERATOR})|${UNDER_VALUE}|${NEXT_ELEMENT})`;
/** Blanks alone, before a quote: `#define HEROKU_KEY "value"`. */
const BLANK_QUOTED = `[ \\t]{1,16}[@bBfFrRuUL]?${QUOTE}`;
const BLANK = '[ \\t]{1,16}';

/** The value on the next line: continued, as a YAML block or list item. */
const NEW_LINE = '(?:(?:[>|][+\\-]?)?[ \\t]{0,4}\\\\?\\r?\\n[ \\t]{0,24}(?:[-*+#]{1,2} {1,2})?)?';
/** `new Token(`, `os.getenv(`, `[`, `ctx, `, `!!str `, `<![CDATA[`. */
const WRAPPED =
  '(?:(?:new )?(?:[A-Za-z_$][0-9A-Za-z_.:]{0,24})?[(\\[{][ \\t\\r\\n]{0,12})?(?:[0-9A-Za-z_.&*$]{1,16}, ?|!{1,2}[A-Za-z]{1,8} |<!\\[CDATA\\[)?';
const OPEN_QUOTES = `(?:[@$bBfFrRuUL]{0,2}${QUOTE}|&quot;|&#34;|%22|\\\\u0022){0,3}`;
const SCHEME = '(?:(?i:bearer|basic|token|oauth|api-?key|key|bot|auth|jwt|genie-?key|sso-key)[ \\t=:]{1,2}["\']?){0,2}';
const OPEN = `${SPACES}${NEW_LINE}${WRAPPED}${OPEN_QUOTES}${SCHEME}`;

const DELIMITER_START = '(?:[^0-9A-Za-z_.';
const FULL_STOP = '|\\.(?:[^0-9A-Za-z_]|$)';

/** Texts that many patterns share, for those who store them. One that holds another stands before it. */
export const SHARED_PARTS: readonly string[] = [
  `${CLOSE}(?:${CONNECT}`,
  OPEN,
  `(?:${REST}|${OWN_NAME})`,
  OWN_NAME,
  BLANK_QUOTED,
  `${CLOSE}${BLANK})`,
  CLOSE,
  `${DELIMITER_START}-]${FULL_STOP}|$)`,
  `${DELIMITER_START}-]|$)`,
  PRINTABLE,
  '(?:^|[^A-Za-z])',
];

/** @throws Re2SyntaxError if name or value is not RE2. */
export function assignPattern(form: AssignForm): string {
  const value = parseRe2(form.value);
  const { plain, edged, camel } = expandName(form.name);
  // A name as far as another letter may follow it; and one after which none may, so that it ends there or goes on otherwise.
  const open: string[] = [];
  if (plain.length > 0) open.push(`(?i:${plain.join('|')})`);
  if (edged.length > 0) open.push(`(?:${edged.join('|')})${REST_START}`);
  if (camel.length > 0) open.push(`(?:${camel.join('|')})[A-Z]`);
  const heads = group(open);
  const shut = edged.length > 0 ? `(?:${edged.join('|')})` : undefined;
  const blank = ENDS_SECRET.test(form.name) ? BLANK : BLANK_QUOTED;
  const named = [`${heads}(?:${REST}|${OWN_NAME})`];
  const own = [`${heads}${OWN_NAME}`];
  if (shut !== undefined) {
    named.push(`${shut}(?:${PUNCTUATION}${OWN_NAME})?`);
    own.push(`${shut}${PUNCTUATION}${OWN_NAME}`);
  }
  const before = `(?:${group(named)}${CLOSE}(?:${CONNECT}|${blank})|${group(own)}${CLOSE}${BLANK})${OPEN}`;
  return before + secretGroup(form.value) + delimiter(value);
}

function group(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? (alternatives[0] ?? '') : `(?:${alternatives.join('|')})`;
}

/** Names that say themselves that a secret follows, so that blanks alone may stand between. */
const ENDS_SECRET = /(?:key|token|secret|auth|pass|pwd|cred|bearer|password|passwd)[\])}a-z]{0,12}$/i;

/** @throws Re2SyntaxError if name or value is not RE2. */
export function nearPattern(form: NearForm): string {
  const value = parseRe2(form.value);
  const name = parseRe2(form.name);
  const gap = form.gap ?? DEFAULT_GAP;
  const before = `[^0-9A-Za-z_${[...'+'].filter((c) => alphabet(value).has(c)).join('')}-]`;
  const between = gap === 1 ? before : `${PRINTABLE}{0,${gap - 1}}?${before}`;
  return `(?i:${form.name})(?:${between})${adjoins(name, value) ? '?' : ''}${secretGroup(form.value)}${delimiter(value)}`;
}

function secretGroup(value: string): string {
  return /\(\?P?<secret>/.test(value) ? `(?:${value})` : `(?P<secret>${value})`;
}

/** ASCII characters that occur anywhere in what the node takes. */
function alphabet(node: Re2Node): Set<string> {
  switch (node.type) {
    case 'assert':
      return new Set();
    case 'char':
      return new Set(asciiMembers(node.set));
    case 'group':
    case 'repeat':
      return alphabet(node.node);
    case 'concat':
    case 'alternate':
      return new Set(node.nodes.flatMap((child) => [...alphabet(child)]));
  }
}

/**
 * What must follow the value: nothing that could belong to it, so that the beginning of a longer run is not taken. A full
 * stop is allowed where it ends a sentence.
 */
function delimiter(value: Re2Node): string {
  const letters = alphabet(value);
  const own = [...'+/=~'].filter((c) => letters.has(c)).join('');
  return `${DELIMITER_START}${own}-]${letters.has('.') ? '' : FULL_STOP}|$)`;
}

/** Whether name and value may stand side by side and still be told apart. */
function adjoins(name: Re2Node, value: Re2Node): boolean {
  const end = edge(name, 'last');
  const start = edge(value, 'first');
  if (end === undefined || start === undefined) return false;
  const ends = asciiMembers(end);
  const starts = asciiMembers(start);
  if (ends.every((c) => !/[0-9A-Za-z_]/.test(c))) return true;
  return ends.every((c) => !/[0-9_]/.test(c)) && starts.every((c) => !/[A-Za-z_]/.test(c));
}

type CharSet = Extract<Re2Node, { type: 'char' }>['set'];

/** The set of all first or last characters; undefined if the node can be empty there. */
function edge(node: Re2Node, side: 'first' | 'last'): CharSet | undefined {
  switch (node.type) {
    case 'assert':
      return undefined;
    case 'char':
      return node.set;
    case 'group':
      return edge(node.node, side);
    case 'repeat':
      return node.min === 0 ? undefined : edge(node.node, side);
    case 'concat': {
      const nodes = node.nodes.filter((child) => child.type !== 'assert');
      const outer = side === 'first' ? nodes[0] : nodes[nodes.length - 1];
      return outer === undefined ? undefined : edge(outer, side);
    }
    case 'alternate': {
      const sets = node.nodes.map((child) => edge(child, side));
      return sets.includes(undefined) ? undefined : sets.filter((s) => s !== undefined).reduce(union);
    }
  }
}

/** Whether an expression may stand where a literal stands, as far as the characters around it tell. */
import type { CodeSyntax } from './syntax.ts';

/** Undefined where it may; else why not. `literal` includes its quotes. */
export function surroundingsProblem(
  text: string,
  literal: { readonly start: number; readonly end: number },
  syntax: CodeSyntax,
): string | undefined {
  const lineStart = text.lastIndexOf('\n', literal.start - 1) + 1;
  const lineEnd = text.indexOf('\n', literal.end);
  const before = text.slice(lineStart, literal.start);
  const after = text.slice(literal.end, lineEnd < 0 ? text.length : lineEnd).trimEnd();
  const line = before + after;
  if (isInsideText(text, lineStart, before, syntax)) return 'it stands within a longer text';
  if (syntax.constants.test(line) || isInConstants(text, lineStart, syntax)) return 'only a constant may stand there';
  if (!mayBegin(before, syntax) || !mayEnd(after, syntax) || goesOn(text, lineEnd, after, syntax))
    return 'it is a part of a larger expression';
  if (isAttribute(before, after, syntax)) return 'it may be an attribute of an element';
  if (syntax.id === 'csharp' && /=\s*$/.test(before) && unclosed(before)) return 'only a constant may stand there';
  return undefined;
}

function isInsideText(text: string, lineStart: number, before: string, syntax: CodeSyntax): boolean {
  // A quote that is open on this line, of whatever kind.
  let open = '';
  for (let at = 0; at < before.length; at += 1) {
    const character = before.charAt(at);
    if (character === '\\') at += 1;
    else if (open === '' && (character === '"' || character === "'" || character === '`')) open = character;
    else if (character === open) open = '';
  }
  if (open !== '') return true;
  const above = text.slice(0, lineStart);
  for (const mark of syntax.longQuotes) if ((above.split(mark).length - 1) % 2 === 1) return true;
  return syntax.heredocs && isInHeredoc(above);
}

function isInHeredoc(above: string): boolean {
  let word: string | undefined;
  for (const line of above.split('\n')) {
    if (word === undefined) word = /<<<?[-~]?\s*["']?([A-Za-z_]\w*)/.exec(line)?.[1];
    else if (line.trim().replace(/;$/, '') === word) word = undefined;
  }
  return word !== undefined;
}

/** Blocks in which each line is a constant: `const (` of Go, `enum` of TypeScript. */
function isInConstants(text: string, lineStart: number, { id }: CodeSyntax): boolean {
  if (id !== 'go' && id !== 'ts') return false;
  const above = text.slice(0, lineStart).split('\n').reverse();
  for (const line of above) {
    if (id === 'go' ? /^\s*const\s*\(/.test(line) : /\benum\s+\w+\s*\{/.test(line)) return true;
    if (id === 'go' ? /^\s*\)|^(?:func|var|type)\b/.test(line) : /^\s*\}/.test(line)) return false;
  }
  return false;
}

function mayBegin(before: string, { id }: CodeSyntax): boolean {
  const trimmed = before.trimEnd();
  // A letter directly before is a prefix of the text, such as `b""`.
  if (trimmed === before && /[\w"'`]$/.test(before)) return false;
  if (id === 'shell') return /[=\s]$/.test(before);
  return /(?:[=(,:[{]|=>|<-|\breturn)$/.test(trimmed) || /^\s*$/.test(before);
}

function mayEnd(after: string, { id }: CodeSyntax): boolean {
  if (/^["'`\w]/.test(after)) return false;
  if (id === 'shell') return /^(?:$|[\s;)])/.test(after);
  return /^\s*(?:$|[,;)\]}]|\/\/|\/\*|#)/.test(after);
}

/** Whether the expression goes on in the next line. */
function goesOn(text: string, lineEnd: number, after: string, { id }: CodeSyntax): boolean {
  if (id === 'shell' || lineEnd < 0 || /^\s*[,;)\]}]/.test(after)) return false;
  return /^\s*[.+?&|*"'`<>=%-]/.test(text.slice(lineEnd + 1, lineEnd + 200));
}

/** `<Element token="…">`: there, braces would have to stand around an expression. */
function isAttribute(before: string, after: string, { id }: CodeSyntax): boolean {
  if ((id !== 'js' && id !== 'ts') || !/[\w-]=$/.test(before)) return false;
  return !/\b(?:const|let|var|this)\b/.test(before) && !after.trimStart().startsWith(';');
}

function unclosed(before: string): boolean {
  return before.split('(').length > before.split(')').length;
}

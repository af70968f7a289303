/** What a file has to import before it can read a variable. */
import type { Syntax } from './syntax.ts';

export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Nothing to insert: undefined. A sentence where it has to be done by hand. */
export function neededImport(text: string, syntax: Syntax): Insertion | string | undefined {
  if (syntax.kind !== 'code') return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  if (syntax.id === 'python') return pythonImport(text, newline);
  return syntax.id === 'go' ? goImport(text, newline) : undefined;
}

function pythonImport(text: string, newline: string): Insertion | string | undefined {
  if (/^(?:import\s+(?:[\w.]+\s*,\s*)*os\s*(?:,|\r?$))/m.test(text)) return undefined;
  const first = /^(?:import|from)\s+(?!__future__)[\w.]/m.exec(text);
  if (first !== null && isOutsideText(text.slice(0, first.index)))
    return { at: first.index, text: `import os${newline}` };
  // Behind comments at the top, which may say the encoding, if code begins there.
  const top = /^(?:\uFEFF|\u00EF\u00BB\u00BF)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*/.exec(text)?.[0].length ?? 0;
  if (/^\s*(?:[rRuUbB]{0,2}["']|from\s+__future__)/.test(text.slice(top)))
    return 'it needs import os at the top: write that first';
  return { at: top, text: `import os${newline}${newline}` };
}

function isOutsideText(above: string): boolean {
  return ['"""', "'''"].every((mark) => (above.split(mark).length - 1) % 2 === 0);
}

function goImport(text: string, newline: string): Insertion | string | undefined {
  if (/^import\s+"os"|^\s+"os"\s*(?:\/\/.*)?\r?$/m.test(text)) return undefined;
  const group = /^import\s*\(\r?\n/m.exec(text);
  if (group !== null) return { at: group.index + group[0].length, text: `\t"os"${newline}` };
  const clause = /^package\s+\w+[^\n]*\n/m.exec(text);
  if (clause === null) return 'it needs "os" among its imports: write that first';
  return { at: clause.index + clause[0].length, text: `${newline}import "os"${newline}` };
}

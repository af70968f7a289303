/** YAML that somebody else may have written: what is wrong with it, and never an error of the reader itself. */
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';

export interface ReadYaml {
  readonly document: Document;
  /** Of an offset, counted from 1. */
  readonly lineOf: (offset: number) => number;
  /** In the order of the text; with any of them there is nothing to be read. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Keys are texts, each once. */
export function parseYaml(source: string): ReadYaml {
  const counter = new LineCounter();
  const lineOf = (offset: number): number => counter.linePos(offset).line;
  const document = parseDocument(source, {
    lineCounter: counter,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: true,
  });
  const broken = [...document.errors, ...document.warnings];
  const deep = broken.find(({ message }) => isTooDeep(message));
  if (deep !== undefined) return { document, lineOf, problems: [{ line: lineOf(deep.pos[0]), message: TOO_DEEP }] };
  const problems = broken.map(({ pos, message }) => ({ line: lineOf(pos[0]), message: firstLine(message) }));
  return { document, lineOf, problems };
}

/** Of an error that was thrown while a document was made values. */
export function yamlFailure(error: unknown): string {
  const message = firstLine(error instanceof Error ? error.message : String(error));
  return isTooDeep(message) ? TOO_DEEP : message;
}

const TOO_DEEP = 'lists and maps are nested too deep';

/** The reader calls itself for each level, and tells of the end of the stack among what is wrong with the text. */
function isTooDeep(message: string): boolean {
  return message.includes('call stack') || message.includes('Stack overflow');
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim();
}

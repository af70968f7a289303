/** What the YAML parser has to say of a file, in words for people. */
import type { Document } from 'yaml';

export interface YamlProblem {
  /** Where in the file. */
  readonly offset: number;
  readonly message: string;
}

/** Empty for a file that is good YAML. */
export function yamlProblems(document: Document): readonly YamlProblem[] {
  const all = [...document.errors, ...document.warnings];
  const first = all[0];
  // The parser goes down by recursion. Where its stack ended, each level may have said so in its own way.
  if (first !== undefined && all.some(({ message }) => isOverflow(message)))
    return [{ offset: first.pos[0], message: TOO_DEEP }];
  return all.map(({ pos, message }) => ({ offset: pos[0], message: firstLine(message) }));
}

/** Of an error that was thrown while a document was made values. */
export function yamlFailure(error: unknown): string {
  const message = firstLine(error instanceof Error ? error.message : String(error));
  return isOverflow(message) ? TOO_DEEP : message;
}

const TOO_DEEP = 'lists and maps are nested too deep';

function isOverflow(message: string): boolean {
  return message.startsWith('Maximum call stack size exceeded') || /: Stack overflow$/m.test(message);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim();
}

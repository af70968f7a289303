/** Workflow commands: lines on standard output that the runner understands, and how other lines do not become one. */
import { neutralise } from '@unleak/core';
import type { Notice } from '../types.ts';

export interface AnnotationPlace {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** `::error …::text`: an annotation, on the lines of a file where there is one. Escaped as @actions/core does it. */
export function annotationCommand(
  level: Notice['level'],
  text: string,
  title?: string,
  place?: AnnotationPlace,
): string {
  const properties = [
    ...(title === undefined || title === '' ? [] : [`title=${escapeProperty(neutralise(title))}`]),
    // No editor shows such a file, and the log of another runner would show the characters.
    ...(place === undefined || neutralise(place.file) !== place.file
      ? []
      : [`file=${escapeProperty(place.file)}`, `line=${place.line}`, `endLine=${place.endLine}`]),
  ];
  return `::${level}${properties.length === 0 ? '' : ` ${properties.join(',')}`}::${escapeData(neutralise(text))}`;
}

/**
 * One line that is no command, whatever is in it: the runner takes `::name::` at the beginning of a line as one, and
 * `##[name]` anywhere.
 */
export function plainLine(text: string): string {
  const line = neutralise(text).replaceAll('##[', '# #[');
  return /^\s*::/.test(line) ? `> ${line}` : line;
}

/** As @actions/core does it. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

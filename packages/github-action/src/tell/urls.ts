import type { Context } from '../types.ts';

/** Of a repository's page, without a slash at the end. */
function repositoryUrl({ serverUrl, repository: { owner, name } }: Context): string {
  return `${serverUrl}/${encode(owner)}/${encode(name)}`;
}

/** The lines of a file in a commit. */
export function blobUrl(context: Context, commit: string, path: string, line: number, endLine: number): string {
  const lines = endLine > line ? `#L${line}-L${endLine}` : `#L${line}`;
  return `${repositoryUrl(context)}/blob/${encode(commit)}/${path.split('/').map(encode).join('/')}${lines}`;
}

export function commitUrl(context: Context, commit: string): string {
  return `${repositoryUrl(context)}/commit/${encode(commit)}`;
}

export function runUrl(context: Context): string {
  return `${repositoryUrl(context)}/actions/runs/${encode(context.runId)}`;
}

/** Everything that is not a letter, digit or `-._~` as percent-encoded UTF-8, and no step up or to the same folder. */
function encode(part: string): string {
  if (part === '.' || part === '..') return part.replaceAll('.', '%2E');
  return encodeURIComponent(part.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

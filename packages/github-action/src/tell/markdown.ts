/**
 * Foreign text in GitHub's Markdown. Paths, names, authors and titles are written by whoever sends a change, so none of
 * them may begin markup, end a cell of a table, mention somebody or refer to an issue. Every character that could mean
 * something is written as an entity, which Markdown never reads as markup; what GitHub looks for after that, in the
 * finished HTML, is not looked for inside `<code>`, and is broken up elsewhere.
 */
import { isCredentialId, neutralise } from '@unleak/core';

const ZERO_WIDTH_SPACE = '&#8203;';
const MAX_SHOWN = 300;

/** Foreign text as it is, in fixed width: for paths, names, commits. */
export function code(text: string, limit: number = MAX_SHOWN): string {
  return `<code>${entities(shorten(text, limit))}</code>`;
}

/** The id of a credential, as it can be looked for in the page's source, too. */
export function idCode(id: string): string {
  return isCredentialId(id) ? `<code>${id}</code>` : code(id);
}

/** Foreign text as part of a sentence. */
export function plain(text: string, limit: number = MAX_SHOWN): string {
  const characters = [...shorten(text, limit)];
  return characters
    .map(
      (character, at) =>
        safe(character, characters[at - 1]) + (breaksAfter(character, characters[at + 1]) ? ZERO_WIDTH_SPACE : ''),
    )
    .join('');
}

/** Mentions, issues (`#12`, `GH-12`, `JIRA-12`) and addresses are looked for in finished text, so these are cut. */
function breaksAfter(character: string, next: string = ''): boolean {
  if (character === ':') return next === '/';
  if (character === '-') return /[0-9]/.test(next);
  return character === '@' || character === '#';
}

/** A sentence of ours that may hold foreign text; what stands in double quotes can be copied. */
export function sentence(text: string): string {
  return text
    .split(/"([^"]*)"/)
    .map((part, at) => (at % 2 === 1 ? code(part, 500) : plain(part, 500)))
    .join('');
}

/** Lines of a table that is begun by `tableHead`. Cells are Markdown on one line. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

export function tableHead(titles: readonly string[]): string {
  return tableRow(titles) + tableRow(titles.map(() => '---'));
}

export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n</details>\n`;
}

/** A link around Markdown that is safe already. `url` is made by `blobUrl`, `commitUrl` or written by ourselves. */
export function link(url: string, shown: string): string {
  const address = url.replaceAll(/[^A-Za-z0-9:/._~%#?=-]/gu, entity);
  return `<a href="${address}">${shown}</a>`;
}

function entities(text: string): string {
  const characters = [...text];
  return characters.map((character, at) => safe(character, characters[at - 1])).join('');
}

/**
 * The character, or an entity for it. Between others these mean nothing: `, / + = -`, and a dot unless it ends `www`. At
 * the beginning they could be a list or the line below a heading.
 */
function safe(character: string, before: string | undefined): string {
  if (before === undefined) return entity(character);
  if (character === '.') return /w/i.test(before) ? entity(character) : character;
  return ',/+=-'.includes(character) ? character : entity(character);
}

function entity(character: string): string {
  return /[A-Za-z0-9 ]/.test(character) || (character.codePointAt(0) ?? 0) > 0x7f
    ? character
    : `&#${character.codePointAt(0) ?? 0xfffd};`;
}

function shorten(text: string, limit: number): string {
  const characters = [...neutralise(text)];
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
}

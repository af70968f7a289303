/** What is said of a credential, in words that fit what was scanned. */
import {
  advise,
  commitOf,
  filePath,
  firstSeen,
  grouped,
  presence,
  presenceText,
  primarySighting,
  shortCommit,
  type Finding,
  type Presence,
  type Sighting,
} from '@unleak/core';
import type { Context, Plan } from '../types.ts';
import { code, link, plain } from './markdown.ts';
import { blobUrl, commitUrl } from './urls.ts';

/** Where a credential stands in the newest commit of what was scanned; undefined when it does not any more. */
export interface HeadPlace {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

export function headPlace(finding: Finding): HeadPlace | undefined {
  const sighting = primarySighting(finding);
  if (sighting?.kind === 'git' && sighting.inHead) {
    const { line, endLine } = sighting.headPlace ?? sighting;
    return { file: sighting.path, line, endLine };
  }
  if (sighting?.kind === 'file') return { file: sighting.path, line: sighting.line, endLine: sighting.endLine };
  return undefined;
}

/** `<credential> <this>` reads as a sentence. */
export function statusText(finding: Finding, plan: Plan): string {
  const where = presence(finding);
  if (plan.scan === 'changes' && plan.pullRequest !== undefined) return inPullRequest(where);
  if (plan.scan === 'changes' && where === 'removed') {
    return 'was removed again, but is still in the commits that were pushed';
  }
  return presenceText(where);
}

function inPullRequest(where: Presence): string {
  switch (where) {
    case 'head':
    case 'file':
      return 'is in the head of this pull request';
    case 'removed':
      return 'was removed from the head, but is still in the commits of this pull request: revoke it';
    case 'message':
      return 'is in a commit message of this pull request';
    default:
      return presenceText(where);
  }
}

/** Our own words alone; the address of where to revoke is told apart from it, by `revokeUrl`. */
export function adviceText(finding: Finding): string {
  const { console: _address, ...rest } = finding;
  return advise(rest);
}

export function revokeUrl({ console: address }: Finding): string | undefined {
  return address !== undefined && address.startsWith('https://') && URL.canParse(address)
    ? new URL(address).href
    : undefined;
}

/** The head of what was scanned: links into it stay right when the branch moves on. */
export function scannedCommit({ sha }: Context, plan: Plan, head?: string): string {
  return plan.scan === 'changes' ? plan.head : (head ?? sha);
}

/** Markdown: the place to look at, linked, and how many more there are. `newest`: what `scannedCommit` gives. */
export function whereMarkdown(finding: Finding, context: Context, newest: string): string {
  const sighting = primarySighting(finding);
  if (sighting === undefined) return '';
  const more = finding.sightingCount - 1;
  const others = more === 0 ? '' : ` and ${grouped(more)} more ${more === 1 ? 'place' : 'places'}`;
  return placeMarkdown(sighting, headPlace(finding), context, newest) + others;
}

function placeMarkdown(sighting: Sighting, head: HeadPlace | undefined, context: Context, newest: string): string {
  const commit = commitOf(sighting)?.commit;
  if (sighting.kind === 'commit-message' || sighting.kind === 'tag-message') {
    const named = sighting.kind === 'tag-message' ? `tag ${code(sighting.tag ?? '')}` : 'commit';
    return `message of ${named} ${link(commitUrl(context, sighting.commit), code(shortCommit(sighting.commit)))}`;
  }
  const path = filePath(sighting);
  const { line, endLine } = head ?? sighting;
  const shown = code(`${path}:${line}`);
  const at = head === undefined ? commit : newest;
  return at === undefined || sighting.path === '' ? shown : link(blobUrl(context, at, path, line, endLine), shown);
}

/** Markdown: the commit that brought it in first, and when; with `author`, by whom. */
export function firstCommitMarkdown(finding: Finding, context: Context, author: boolean): string {
  const first = firstSeen(finding);
  if (first === undefined) return '';
  const by = author && first.author !== '' ? ` by ${plain(first.author, 80)}` : '';
  return `${link(commitUrl(context, first.commit), code(shortCommit(first.commit)))} ${plain(first.date.slice(0, 10))}${by}`;
}

/** What `--fix` would do, found out before anybody is asked: nothing is changed here. */
import type { Finding, Hit, Sighting } from '@unleak/core';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { envNameOf } from '../language/env-name.ts';
import { isKeyFile } from '../message/places.ts';
import { dotenvValue, freeName, parseDotenv } from './dotenv.ts';
import { isIgnored, isTracked, stagedText, trackedInOtherCase, type GitPlace } from './git.ts';
import { neededImport } from './imports.ts';
import { findLiteral } from './literal.ts';
import { syntaxOf } from './syntax.ts';

export const DOTENV = '.env';
export const GITIGNORE = '.gitignore';

export interface Edit {
  /** In bytes of the file as it lies there now. */
  readonly start: number;
  readonly end: number;
  /** ASCII. */
  readonly text: string;
  readonly line: number;
  /** Of an edit that takes a credential out: what it reads in its place. */
  readonly variable?: string;
}

export interface FilePlan {
  readonly path: string;
  /** What the plan was made for. */
  readonly bytes: Buffer;
  /** By place, not overlapping. */
  readonly edits: readonly Edit[];
}

export interface FixPlan {
  readonly files: readonly FilePlan[];
  /** To be added to `.env`: never shown. */
  readonly variables: ReadonlyMap<string, string>;
  /** `.env` has to be named in `.gitignore` first. */
  readonly ignoreDotenv: boolean;
  /** What the credential of a finding is read from, by the finding's id. */
  readonly names: ReadonlyMap<string, string>;
  /** Why nothing at all is changed, where that has one reason. */
  readonly blocked?: string;
  /** What stays, and why. */
  readonly refused: readonly { readonly path: string; readonly line: number; readonly reason: string }[];
}

/** A file above this is not edited: nobody wrote it by hand. */
const MAX_BYTES = 1024 * 1024;

/** What the rules find in a text now. */
export type HitsIn = (text: Uint8Array) => readonly Hit[];

/** @throws Error when git cannot be started */
export async function planFix(findings: readonly Finding[], git: GitPlace, hitsIn: HitsIn): Promise<FixPlan> {
  const refused: { path: string; line: number; reason: string }[] = [];
  const places = findings.flatMap((finding) =>
    finding.sightings.filter(({ kind }) => kind === 'staged').map((sighting) => ({ finding, sighting })),
  );
  const dotenv = await readDotenv(git);
  if (typeof dotenv === 'string')
    return { files: [], variables: new Map(), names: new Map(), ignoreDotenv: false, blocked: dotenv, refused };
  const taken = new Map(parseDotenv(dotenv.text));
  const variables = new Map<string, string>();
  const names = new Map<string, string>();
  const files: FilePlan[] = [];
  const byPath = [...Map.groupBy(places, ({ sighting }) => sighting.path)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, ofFile] of byPath) {
    const read = await readFixable(path, ofFile, git);
    const bytes = typeof read === 'string' ? Buffer.alloc(0) : read.there;
    const hits = typeof read === 'string' ? [] : hitsIn(read.staged);
    const text = bytes.toString('latin1');
    const edits: Edit[] = [];
    for (const { finding, sighting } of ofFile.toSorted((a, b) => a.sighting.line - b.sighting.line)) {
      const made =
        typeof read === 'string'
          ? read
          : hits.some((hit) => isFound(hit, finding, sighting))
            ? editOf(finding, sighting, text, taken, variables)
            : CHANGED;
      if (typeof made === 'string') {
        refused.push({ path, line: sighting.line, reason: made });
        continue;
      }
      if (made.variable !== undefined && !names.has(finding.id)) names.set(finding.id, made.variable);
      if (!edits.some(({ start }) => start === made.start)) edits.push(made);
    }
    const finished = withImport(path, text, edits);
    if (typeof finished === 'string') for (const { line } of edits) refused.push({ path, line, reason: finished });
    else if (finished.length > 0) files.push({ path, bytes, edits: finished });
  }
  const used = new Set(files.flatMap(({ edits }) => edits.map(({ variable }) => variable)));
  for (const name of variables.keys()) if (!used.has(name)) variables.delete(name);
  const ignoreDotenv = files.length > 0 && !(await isIgnored(git, DOTENV));
  return { files, variables, names, ignoreDotenv, refused };
}

/** What `.env` holds; a sentence where nothing at all can be moved to it. */
async function readDotenv(git: GitPlace): Promise<{ readonly text: string } | string> {
  if (await isTracked(git, DOTENV)) return `${DOTENV} is in git itself: git rm --cached ${DOTENV} first`;
  const other = await trackedInOtherCase(git, DOTENV);
  if (other !== undefined) return `${other} is in git itself, which is the same file as ${DOTENV} on some systems`;
  for (const name of [DOTENV, GITIGNORE]) {
    const stats = await lstat(join(git.root, name)).catch(() => undefined);
    if (stats === undefined) continue;
    if (!stats.isFile()) return `${name} is no plain file`;
    if (stats.nlink > 1) return `${name} is also a file elsewhere (a hard link)`;
    if (stats.size > MAX_BYTES) return `${name} is too large to be added to`;
  }
  try {
    return { text: await readFile(join(git.root, DOTENV), 'utf8') };
  } catch (error) {
    const isThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    return isThere ? `${DOTENV} cannot be read` : { text: '' };
  }
}

/** A file that may be edited: as it lies here, and as it is staged. */
interface Fixable {
  readonly there: Buffer;
  /** The same, but for line ends. */
  readonly staged: Buffer;
}

/** A sentence where it may not be edited. */
async function readFixable(
  path: string,
  places: readonly { readonly finding: Finding }[],
  git: GitPlace,
): Promise<Fixable | string> {
  if (places.some(({ finding }) => isKeyFile(finding)))
    return 'a key belongs into no file of a repository: git rm --cached it';
  const syntax = syntaxOf(path);
  if (typeof syntax === 'string') return syntax;
  const stats = await lstat(join(git.root, path)).catch(() => undefined);
  if (stats === undefined) return 'the file is staged, and no longer in the work tree';
  if (!stats.isFile()) return 'it is no plain file';
  if (!(await isThere(git.root, path))) return 'a folder on the way to it is a link';
  if (stats.nlink > 1) return 'it is also a file elsewhere (a hard link), which would keep the value';
  if (stats.size > MAX_BYTES) return 'the file is too large to be edited';
  const staged = await stagedText(git, path);
  const there = await readFile(join(git.root, path)).catch(() => undefined);
  if (staged === undefined || there === undefined) return 'the file cannot be read';
  // git may keep other line ends than the work tree has; whatever else it changes on the way moves every place.
  const same =
    staged.equals(there) || staged.equals(Buffer.from(there.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'));
  return same ? { there, staged } : PARTLY;
}

/** Which of the two it is, only git can tell, which may start filters for that: the plan is also made where nobody asked for it. */
const PARTLY = 'the file is only partly staged, or git stores it in another form: stage or stash the rest of it first';
/** Whether the path leads through no link. */
async function isThere(root: string, path: string): Promise<boolean> {
  return (await realpath(join(root, path))) === join(await realpath(root), path);
}

const CHANGED = 'the file has changed since it was scanned';

/** The place alone does not tell: something else may stand there by now. */
function isFound(hit: Hit, finding: Finding, sighting: Sighting): boolean {
  return (
    hit.credential === finding.id &&
    hit.line === sighting.line &&
    hit.column === sighting.column &&
    hit.endLine === sighting.endLine &&
    hit.endColumn === sighting.endColumn
  );
}

function editOf(
  finding: Finding,
  sighting: Sighting,
  text: string,
  taken: Map<string, string>,
  variables: Map<string, string>,
): Edit | string {
  if (sighting.decoded !== undefined && sighting.decoded.length > 0)
    return `it is inside ${sighting.decoded.join(' inside ')}`;
  if (sighting.line !== sighting.endLine) return 'it goes over several lines';
  const lineStart = startOfLine(text, sighting.line);
  if (lineStart === undefined) return CHANGED;
  const isInUrl = finding.identity === 'url' || finding.kind === 'database' || finding.kind === 'webhook';
  const start = lineStart + sighting.column - 1;
  const end = lineStart + sighting.endColumn - 1;
  if (end - start !== finding.secretLength) return CHANGED;
  const literal = findLiteral({ path: sighting.path, text, start, end, isInUrl });
  if ('refused' in literal) return literal.refused;
  if (dotenvValue(literal.value) === undefined)
    return 'its characters mean different things to different readers of .env';
  const same = [...variables].find(([, value]) => value === literal.value)?.[0];
  const name = same ?? freeName(envNameOf(finding, literal.assigned), literal.value, taken);
  if (!taken.has(name)) variables.set(name, literal.value);
  taken.set(name, literal.value);
  return {
    start: literal.start,
    end: literal.end,
    text: literal.replacement(name),
    line: sighting.line,
    variable: name,
  };
}

/** Where the line begins, counted from 1; undefined where there is none. */
function startOfLine(text: string, line: number): number | undefined {
  let at = 0;
  for (let number = 1; number < line; number += 1) {
    const next = text.indexOf('\n', at);
    if (next < 0) return undefined;
    at = next + 1;
  }
  return at;
}

function withImport(path: string, text: string, edits: readonly Edit[]): readonly Edit[] | string {
  const syntax = syntaxOf(path);
  if (edits.length === 0 || typeof syntax === 'string') return [];
  const needed = neededImport(text, syntax);
  if (typeof needed === 'string') return needed;
  const insertion = needed === undefined ? [] : [{ start: needed.at, end: needed.at, text: needed.text, line: 0 }];
  return [...insertion, ...edits].sort((a, b) => a.start - b.start);
}

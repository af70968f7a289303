/** One input of the fuzz run: a small repository and what is done to it; and what must hold when it is read. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linearMemory } from '../../packages/core/src/bytes/linear-memory.ts';
import type { DeltaJob } from '../../packages/core/src/sources/git/delta-job.ts';
import { planDeltas } from '../../packages/core/src/sources/git/delta-plan.ts';
import { readDeltas } from '../../packages/core/src/sources/git/pack-delta-reader.ts';
import { openForest } from '../../packages/core/src/sources/git/pack/forest.ts';
import type { NotScanned, TextSink } from '../../packages/core/src/types/index.ts';
import { objectIdOf } from '../support/made-pack.ts';
import { draw, type Mutation, mutateEntries, mutateFiles } from './mutation.ts';
import { randomFrom } from './random.ts';
import { filesOf, type Objects, objectsOf, plan } from './small-repository.ts';

export interface Recipe {
  readonly seed: number;
  readonly mutations: readonly Mutation[];
}

export function recipeOf(seed: number): Recipe {
  const random = randomFrom(seed * 31 + 7);
  // One in a hundred is left as it is: those must be read without a word.
  const count = random.below(100) === 0 ? 0 : 1 + random.below(4);
  return { seed, mutations: Array.from({ length: count }, () => draw(random)) };
}

export interface Outcome {
  /** What does not hold. */
  readonly faults: readonly string[];
  readonly texts: number;
  readonly events: number;
}

const MAX_TEXT_BYTES = 1 << 20;
const LIMITS = { textBytes: MAX_TEXT_BYTES, baseBytes: 1 << 21, heldBytes: 1 << 18, workBytes: 1 << 25 };
/** A few texts and windows; the memory keeps what it once had, so this holds for all inputs together. */
const MAX_MEMORY_BYTES = 96 * 1024 * 1024;

/** Writes the repository to `folder`, reads it, and removes it. */
export async function tryRecipe(recipe: Recipe, folder: string): Promise<Outcome> {
  const repository = plan(recipe.seed);
  const expected = objectsOf(repository);
  for (const mutation of recipe.mutations) mutateEntries(repository, mutation);
  const files = filesOf(repository);
  for (const mutation of recipe.mutations) mutateFiles(files, mutation);
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  try {
    return await read(folder, repository.hash, expected, recipe.mutations);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function read(
  folder: string,
  hash: 'sha1' | 'sha256',
  expected: Objects,
  mutations: readonly Mutation[],
): Promise<Outcome> {
  const faults: string[] = [];
  const texts = new Map<string, Buffer>();
  const events: NotScanned[] = [];
  let progress = 0;
  const sink: TextSink = {
    text(text) {
      const { id, bytes } = text;
      if (texts.has(id)) faults.push(`${id} was pushed twice`);
      if (bytes.length > MAX_TEXT_BYTES) faults.push(`${id} has ${bytes.length} bytes`);
      if (text.inherit !== undefined && text.inherit.base !== (text.keep ?? text.inherit.base + 1) - 1)
        faults.push(`${id} derives from slot ${text.inherit.base} and is kept in ${String(text.keep)}`);
      texts.set(id, Buffer.from(bytes));
    },
    notScanned: (event) => events.push(event),
    progress: (objects) => {
      progress += objects;
    },
  };
  const forest = await openForest([folder], hash);
  const list = planDeltas(forest, [folder], {
    maxTextBytes: MAX_TEXT_BYTES,
    allowMissing: false,
    verifyObjects: true,
    where: 'history',
  });
  for (const { name } of forest.broken) events.push({ state: 'failed', reason: 'corrupt', where: name });
  for (const oid of list.unreadable) events.push({ state: 'failed', reason: 'corrupt', where: `git:${oid}` });
  for (const job of list.jobs) {
    const limited: DeltaJob = { ...job, limits: LIMITS };
    await readDeltas(limited, sink, { signal: new AbortController().signal });
  }
  const objects = list.jobs.reduce((sum, job) => sum + job.objects, 0);
  if (progress !== objects) faults.push(`progress tells of ${progress} objects, the jobs of ${objects}`);
  if (linearMemory().bytes.length > MAX_MEMORY_BYTES) faults.push(`${linearMemory().bytes.length} bytes of memory`);
  faults.push(...judge(texts, events, expected, hash, mutations));
  return { faults, texts: texts.size, events: events.length };
}

/** What was pushed is what its id says, and what was not is told. */
function judge(
  texts: ReadonlyMap<string, Buffer>,
  events: readonly NotScanned[],
  expected: Objects,
  hash: 'sha1' | 'sha256',
  mutations: readonly Mutation[],
): string[] {
  const faults: string[] = [];
  for (const [id, bytes] of texts) {
    const object = expected.get(id.slice('git:'.length));
    const isBlob = object === undefined || object.type === 'blob';
    if (isBlob && object !== undefined && !bytes.equals(object.content)) faults.push(`${id} has another content`);
    if (object?.type === 'blob' && objectIdOf('blob', bytes, hash) !== id.slice(4)) faults.push(`${id} has another id`);
    if (
      !isBlob &&
      !Buffer.from(object.content)
        .subarray(-bytes.length || object.content.length)
        .equals(bytes)
    )
      faults.push(`${id} has another message`);
  }
  const lost = [...expected].filter(([id, { type }]) => type !== 'tree' && !texts.has(`git:${id}`));
  // What no index names is found missing by what names it, which these objects do not.
  const isRemoved = mutations.some(({ kind }) => kind === 'remove' || kind === 'id');
  if (lost.length > 0 && events.length === 0 && !isRemoved)
    faults.push(`${lost.length} objects are lost and nothing is told`);
  if (mutations.length === 0 && (lost.length > 0 || events.length > 0))
    faults.push(`a sound repository: ${lost.length} lost, ${JSON.stringify(events)}`);
  return faults;
}

#!/usr/bin/env node
/**
 * What it costs to say where credentials were seen in a history, step by step, for a share of the blobs picked at random,
 * each with a random credential.
 *
 *   node test/bench/attribution.mjs [--blobs N] [--credentials N] [--git] REPOSITORY…
 *
 * `--git` does the same through the installed git, and compares the results. Run it through `npm run bench -- attribution …`.
 */
import { availableParallelism, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    blobs: { type: 'string', default: '30000' },
    credentials: { type: 'string', default: '5000' },
    git: { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  console.error('usage: attribution.mjs [--blobs N] [--credentials N] [--git] REPOSITORY…');
  process.exit(2);
}

const sources = '../../packages/core/src/sources/git';
const { attribute } = await import(`${sources}/attribution.ts`);
const { detect } = await import(`${sources}/detect.ts`);
const { openDoor } = await import(`${sources}/door.ts`);
const { createGitHistory } = await import(`${sources}/git-history.ts`);
const { openForest, entryHex } = await import(`${sources}/pack/forest.ts`);
const { openDatabase } = await import(`${sources}/pack/object-database.ts`);
const { readTips } = await import(`${sources}/refs.ts`);
const { createTreeHistory } = await import(`${sources}/trees/tree-history.ts`);

/** CPU of this process and its children so far, in ms. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
watch.unref();

async function timed(what, work) {
  const before = cpu();
  const started = performance.now();
  const result = await work();
  const mib = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `  ${what.padEnd(28)} ${(cpu() - before).toFixed(0).padStart(7)} ms CPU ${(performance.now() - started).toFixed(0).padStart(7)} ms  ${String(mib).padStart(5)} MiB`,
  );
  return result;
}

/** The same answers, with each step timed. */
function timedAccess(access) {
  return {
    hash: access.hash,
    types: (...args) => timed('types', () => access.types(...args)),
    graph: (...args) => timed('commits and their order', () => access.graph(...args)),
    changes: (...args) => timed('changes', () => access.changes(...args)),
    read: (ids, ...args) => timed(`read ${ids.length} commits`, () => access.read(ids, ...args)),
  };
}

async function places(access, tips, hits, ctx) {
  const history = timedAccess(access);
  const graph = await history.graph(tips.commits, [], ctx);
  return await attribute(history, { tips, graph, range: false }, hits, ctx);
}

/** A fixed sequence of numbers in [0, 1). */
function createRandom() {
  let seed = 1;
  return () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function hitOf(credential, line) {
  const span = { start: line * 10, end: line * 10 + 8 };
  return {
    rule: 'bench',
    alsoMatched: [],
    span,
    line,
    column: 1,
    endLine: line,
    endColumn: 9,
    credential: `c1_${credential}`,
    fingerprint: `${credential}`,
    mask: '****',
    secretLength: 8,
    entropy: 3,
    context: '',
    decoded: [],
    parts: {},
  };
}

for (const path of positionals) {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error(`${path} is a ${repository.kind}`);
  const ambient = {
    env: process.env,
    tmpdir: tmpdir(),
    uid: process.getuid?.(),
    parallelism: availableParallelism(),
  };
  const open = await openDoor(repository, ambient);
  const controller = new AbortController();
  const events = [];
  const ctx = { signal: controller.signal, notScanned: (event) => events.push(event) };
  try {
    const { door, dir } = open;
    const tips = await readTips(door, dir, ctx.signal);
    console.log(`${path}: ${tips.commits.length} tips, ${tips.branches.length} branches`);
    const forest = await timed('forest (not counted)', () => openForest(dir.objectDirs, dir.hash, ctx.signal));
    const blobs = [];
    for (let entry = 0; entry < forest.count; entry += 1) if (forest.type[entry] === 3) blobs.push(entry);
    const random = createRandom();
    const hits = new Map();
    const credentials = Number(values.credentials);
    while (hits.size < Math.min(Number(values.blobs), blobs.length)) {
      const entry = blobs[Math.floor(random() * blobs.length)];
      // Versions of one file tend to hold the same credentials.
      const root = forest.root[entry];
      const count = 1 + Math.floor(random() * 2);
      hits.set(
        `git:${entryHex(forest, entry)}`,
        Array.from({ length: count }, (_, index) => hitOf((root * 7 + index) % credentials, index + 1)),
      );
    }
    const objects = openDatabase(dir.objectDirs, dir.hash);
    globalThis.gc?.();
    const base = process.memoryUsage().rss;
    peak = base;
    const own = await timed('all, from packs', () =>
      places(createTreeHistory({ forest, objects, shallow: dir.shallow }), tips, hits, ctx),
    );
    console.log(
      `  ${hits.size} blobs, ${own.length} located, ${events.length} events, peak ${Math.round((peak - base) / 2 ** 20)} MiB above ${Math.round(base / 2 ** 20)}`,
    );
    for (const event of events.slice(0, 5)) console.log(`  ${JSON.stringify(event)}`);
    if (values.git) {
      const git = await timed('all, through git', () =>
        places(createGitHistory(door, ambient.parallelism), tips, hits, ctx),
      );
      const lines = (located) => located.map((each) => JSON.stringify(each));
      const [ours, theirs] = [new Set(lines(own)), new Set(lines(git))];
      const [missing, extra] = [
        lines(git).filter((line) => !ours.has(line)),
        lines(own).filter((line) => !theirs.has(line)),
      ];
      console.log(`  ${missing.length} of git's are missing, ${extra.length} are not git's`);
      for (const line of [...missing.slice(0, 3), ...extra.slice(0, 3)]) console.log(`    ${line.slice(0, 1000)}`);
    }
    objects.close();
  } finally {
    await open.close();
  }
}
clearInterval(watch);

import { describe, expect, it } from 'vitest';
import { commit, finding, gitSighting } from '../../../../test/support/reports.ts';
import type { Sighting } from '../types/sighting.ts';
import { filePath, firstSeen, lastSeen, presence, primarySighting, removedBy } from './place.ts';

const at = { line: 1, column: 1, endLine: 1, endColumn: 2 };
const removal = commit('9', '2024-09-09T00:00:00Z');
const file: Sighting = { kind: 'file', path: 'f', ...at };
const staged: Sighting = { kind: 'staged', path: 's', ...at };
const inHead = gitSighting({ path: 'h' });
const inBranch = gitSighting({ path: 'b', inHead: false });
const removed = gitSighting({ path: 'r', inHead: false, branches: [], removed: removal });
const message: Sighting = { kind: 'commit-message', path: '', ...at, ...commit('7', '2024-07-07T00:00:00Z') };
const tag: Sighting = { kind: 'tag-message', path: '', ...at, ...commit('8', '2024-08-08T00:00:00Z'), tag: 'v1' };
const unreachable: Sighting = { kind: 'git-unreachable', path: '', ...at, blob: 'ab'.repeat(20) };

const unplaced: Sighting = { kind: 'git-object', path: '', ...at, blob: 'cd'.repeat(20) };

const of = (...sightings: Sighting[]) => finding({ sightings });

describe('presence', () => {
  it('is the strongest of what the sightings say', () => {
    expect(presence(of(removed, file, inHead))).toBe('head');
    expect(presence(of(removed, file, inBranch))).toBe('file');
    expect(presence(of({ kind: 'stdin', path: '', ...at }))).toBe('file');
    expect(presence(of(removed, inBranch, message))).toBe('branch');
    expect(presence(of(removed, message))).toBe('removed');
    expect(presence(of(unreachable, tag))).toBe('message');
    expect(presence(of(unreachable))).toBe('unreachable');
    expect(presence(of(unreachable, unplaced))).toBe('unplaced');
    expect(presence(of(unplaced, removed))).toBe('removed');
  });

  it('is staged only while nothing else holds the credential', () => {
    expect(presence(of(staged))).toBe('staged');
    expect(presence(of(staged, removed))).toBe('file');
  });
});

describe('primarySighting', () => {
  it('prefers HEAD, then files, then branches, then the rest of history', () => {
    expect(primarySighting(of(unreachable, removed, file, inHead))).toBe(inHead);
    expect(primarySighting(of(unreachable, removed, inBranch, file))).toBe(file);
    expect(primarySighting(of(unreachable, removed, inBranch))).toBe(inBranch);
    expect(primarySighting(of(unreachable, message, removed))).toBe(removed);
    expect(primarySighting(of(unreachable, message))).toBe(message);
    expect(primarySighting(of())).toBeUndefined();
  });
});

describe('first, last and removed', () => {
  it('are the earliest commit, the latest one that still held it, and the removal', () => {
    const early = gitSighting({
      ...commit('1', '2024-01-01T00:00:00Z'),
      inHead: false,
      last: commit('2', '2024-02-01T00:00:00Z'),
      removed: removal,
    });
    const late = gitSighting({
      ...commit('3', '2024-01-15T00:00:00Z'),
      inHead: false,
      removed: commit('4', '2024-01-20T00:00:00Z'),
    });
    const both = of(late, early, file);
    expect(firstSeen(both)?.commit).toBe('1'.repeat(40));
    expect(lastSeen(both)?.commit).toBe('2'.repeat(40));
    expect(removedBy(of(late, early))?.commit).toBe('9'.repeat(40));
  });

  it('have nothing to say about what is still there or was never in a commit', () => {
    expect(removedBy(of(removed, inHead))).toBeUndefined();
    expect(firstSeen(of(file))).toBeUndefined();
    expect(lastSeen(of(unreachable))).toBeUndefined();
  });
});

it('filePath is never empty', () => {
  expect(
    [file, staged, inHead, message, tag, unreachable, { kind: 'stdin', path: '', ...at } as const].map(filePath),
  ).toEqual([
    'f',
    's',
    'h',
    `.git/objects/77/${'7'.repeat(38)}`,
    `.git/objects/88/${'8'.repeat(38)}`,
    `.git/objects/ab/${'ab'.repeat(19)}`,
    'stdin',
  ]);
});

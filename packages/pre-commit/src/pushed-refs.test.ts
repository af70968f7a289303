import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePushedRefs, pushOfFramework, PushedRefsError } from './pushed-refs.ts';

const [A, B, ZERO] = ['a'.repeat(40), 'b'.repeat(40), '0'.repeat(40)];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a branch that goes on, a new one, a deletion, and a name with blanks', () => {
  const lines = [
    `refs/heads/main ${A} refs/heads/main ${B}`,
    `refs/heads/new ${A} refs/heads/new ${ZERO}`,
    `(delete) ${ZERO} refs/heads/old ${B}`,
    `HEAD@{one day ago} ${B} refs/heads/then ${ZERO}`,
  ];
  const ref = (localName: string, localOid: string, remoteName: string, remoteOid?: string): object => ({
    localName,
    localOid,
    remoteName,
    remoteOid,
  });
  expect(parsePushedRefs(bytes(`${lines.join('\n')}\n`))).toEqual({
    refs: [
      ref('refs/heads/main', A, 'refs/heads/main', B),
      ref('refs/heads/new', A, 'refs/heads/new'),
      ref('HEAD@{one day ago}', B, 'refs/heads/then'),
    ],
    deletions: 1,
  });
  expect(parsePushedRefs(bytes(''))).toEqual({ refs: [], deletions: 0 });
});

test('SHA-256 ids are ids, and zeros of that length stand for nothing, too', () => {
  const long = 'c'.repeat(64);
  const { refs } = parsePushedRefs(bytes(`x ${long} y ${'0'.repeat(64)}\n`));
  expect(refs).toEqual([{ localName: 'x', localOid: long, remoteName: 'y', remoteOid: undefined }]);
});

test('anything else is refused in one line that repeats nothing of it', () => {
  for (const text of ['x', `${A} ${B}`, `x ${A.slice(1)} y ${B}`, `x ${A} y ${B} z`, `x --all y ${B}`])
    expect(() => parsePushedRefs(bytes(text)), text).toThrow(/^line 1 of standard input [^\n]+$/);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
      try {
        parsePushedRefs(input);
      } catch (error) {
        expect(error).toBeInstanceOf(PushedRefsError);
      }
    }),
  );
});

test('what the pre-commit framework says; without it, nothing', () => {
  expect(pushOfFramework({ PRE_COMMIT_TO_REF: A })).toBeUndefined();
  const told = { PRE_COMMIT: '1', PRE_COMMIT_FROM_REF: B, PRE_COMMIT_TO_REF: A, PRE_COMMIT_REMOTE_NAME: 'origin' };
  expect(pushOfFramework(told)).toMatchObject({ refs: [{ localOid: A, remoteOid: B }], remote: 'origin' });
  // Of a first push it tells the branch, and by hand nothing at all.
  expect(pushOfFramework({ PRE_COMMIT: '1', PRE_COMMIT_LOCAL_BRANCH: 'refs/heads/x' })?.refs).toMatchObject([
    { localName: 'refs/heads/x', localOid: 'refs/heads/x', remoteOid: undefined },
  ]);
  expect(pushOfFramework({ PRE_COMMIT: '1' })?.refs).toMatchObject([{ localOid: 'HEAD' }]);
  expect(pushOfFramework({ PRE_COMMIT: '1', PRE_COMMIT_TO_REF: ZERO })).toMatchObject({ refs: [], deletions: 1 });
});

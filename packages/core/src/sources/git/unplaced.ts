/** What is told of the texts of a repository when their places in its history cannot be had, or not in time. */
import type { Hit, Located, SourceContext, TextId, UnplacedSighting } from '../../types/index.ts';
import { GitError } from './git-error.ts';

/** What `place` gives; where it is stopped, or git fails, that is reported and each hit is told as found in its object. */
export async function placedOrNot(
  place: () => Promise<readonly Located[]>,
  hits: ReadonlyMap<TextId, readonly Hit[]>,
  where: string,
  ctx: Pick<SourceContext, 'signal' | 'notScanned'>,
): Promise<readonly Located[]> {
  try {
    return await place();
  } catch (error) {
    if (ctx.signal.aborted) {
      const detail = 'where in it the findings are was not found out in time';
      ctx.notScanned({ state: 'failed', reason: 'interrupted', where, detail });
    } else if (error instanceof GitError) {
      ctx.notScanned({ state: 'failed', reason: 'git-failed', where, detail: error.message });
    } else throw error;
    return [...hits].flatMap(([text, found]) => unplaced(text, found));
  }
}

/** Texts that are no objects have their places from elsewhere. */
function unplaced(text: TextId, hits: readonly Hit[]): readonly Located[] {
  if (!text.startsWith('git:')) return [];
  return hits.map((hit) => {
    const { line, column, endLine, endColumn, decoded } = hit;
    const sighting: UnplacedSighting = {
      kind: 'git-object',
      path: '',
      blob: text.slice('git:'.length),
      ...{ line, column, endLine, endColumn },
      ...(decoded.length === 0 ? {} : { decoded }),
    };
    return { text, hit, sighting };
  });
}

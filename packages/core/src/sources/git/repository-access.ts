/** What a history source asks of a repository besides its objects: through the installed git, or by our own reading. */
import type { SourceContext } from '../../types/index.ts';
import type { Forest } from './pack/forest.ts';
import type { OidTable } from './oid.ts';
import type { PrivateDir } from './private-dir.ts';
import type { Tips } from './refs.ts';
import type { TreeHistory, TreeHistoryInput } from './trees/tree-history.ts';

export interface RepositoryAccess {
  readonly dir: PrivateDir;
  /** For the plan's facts. */
  readonly facts: Readonly<Record<string, string>>;
  /** `forest`: all packs of the repository. */
  tips(forest: Forest, ctx: SourceContext): Promise<Tips>;
  /** Makes the named refs the only tips, and gives all objects that they reach. What names nothing is reported. */
  narrow(
    names: readonly string[],
    known: { readonly forest: Forest; readonly tips: Tips },
    ctx: SourceContext,
  ): Promise<{ readonly tips: Tips; readonly ids: OidTable }>;
  history(forest: Forest, known: Pick<TreeHistoryInput, 'noted' | 'checks'>): TreeHistory;
  close(): Promise<void>;
}

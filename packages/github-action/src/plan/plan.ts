/** From the event to what is scanned. Nothing is read here but what the payload says. */
import type { Event } from '../event.ts';
import type { Inputs } from '../inputs.ts';
import type { Context, Notice, Plan } from '../types.ts';

export interface Planned {
  readonly plan: Plan;
  readonly notices: readonly Notice[];
}

/** Events that name no commits, and whose workflows mean the repository as it is. */
const WHOLE = ['schedule', 'workflow_dispatch', 'repository_dispatch', 'workflow_run', 'workflow_call', 'release'];

export function planFor(event: Event, context: Context, inputs: Pick<Inputs, 'scan' | 'base'>): Planned {
  if (event.name === 'delete') return nothing('a branch or tag was deleted');
  if (event.push !== undefined && event.push.after === undefined) return nothing(`${context.ref} was deleted`);
  if (inputs.scan === 'history') return { plan: { scan: 'history' }, notices: [] };
  const change = changeOf(event, context);
  if (change !== undefined)
    return { plan: { scan: 'changes', ...change, base: inputs.base ?? change.base }, notices: [] };
  if (inputs.scan === 'changes' || inputs.base !== undefined)
    return { plan: { scan: 'changes', base: inputs.base, head: context.sha, pullRequest: undefined }, notices: [] };
  return { plan: { scan: 'history' }, notices: WHOLE.includes(event.name) ? [] : [unknown(event.name)] };
}

type Change = Pick<Extract<Plan, { scan: 'changes' }>, 'base' | 'head' | 'pullRequest'>;

/** The commits that the event is about. */
function changeOf({ name, pullRequest, push, mergeGroup }: Event, { sha, ref }: Context): Change | undefined {
  if (pullRequest !== undefined) return { base: pullRequest.baseSha, head: pullRequest.headSha, pullRequest };
  if (mergeGroup !== undefined) return { base: mergeGroup.base, head: mergeGroup.head, pullRequest: undefined };
  // What was pushed as a tag may be a tag object; the runner knows its commit. A tag that moves is a new one.
  if (push !== undefined && ref.startsWith('refs/tags/')) return { base: undefined, head: sha, pullRequest: undefined };
  if (push?.after !== undefined) return { base: push.before, head: push.after, pullRequest: undefined };
  if (name === 'create') return { base: undefined, head: sha, pullRequest: undefined };
  return undefined;
}

function nothing(why: string): Planned {
  return { plan: { scan: 'nothing', why }, notices: [] };
}

function unknown(name: string): Notice {
  return {
    level: 'notice',
    text: `the event "${name}" names no commits, so the whole history is scanned; "scan: changes" scans what the default branch does not have`,
  };
}

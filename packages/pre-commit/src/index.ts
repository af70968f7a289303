/** What `@unleak/pre-commit` offers: every name by hand. */
export {
  parsePushedRefs,
  pushOfFramework,
  PushedRefsError,
  type FrameworkPush,
  type PushedRef,
  type PushedRefs,
} from './pushed-refs.ts';
export { stopMessage, type StopMessageOptions } from './message/stop-message.ts';
export {
  failedMessage,
  outOfTimeMessage,
  strictMessage,
  type OutOfTimeOptions,
  type UnfinishedOptions,
} from './message/unfinished.ts';
export { applyFix, type FixResult } from './fix/apply.ts';
export { describePlan, describeResult } from './fix/describe.ts';
export type { GitPlace } from './fix/git.ts';
export { planFix, type FixPlan } from './fix/plan.ts';

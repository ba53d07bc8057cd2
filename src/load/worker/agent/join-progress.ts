// Two progress messages of a worker as one: the later has what is, and what happened is in both. Every field is written out, so that
// one that is added is thought of here.
import type { FromWorker } from '../worker-messages.ts';

export type Progress = Extract<FromWorker, { readonly kind: 'progress' }>;

export function joinProgress(one: Progress, later: Progress): Progress {
  const { cohorts, stalled } = later;
  return {
    ...{ kind: 'progress', cohorts, stalled },
    lateMicros: Math.max(one.lateMicros, later.lateMicros),
    seconds: [...one.seconds, ...later.seconds],
    frameSizes: [...one.frameSizes, ...later.frameSizes],
    returns: {
      returns: [...one.returns.returns, ...later.returns.returns],
      drops: [...one.returns.drops, ...later.returns.drops],
      attempts: [...one.returns.attempts, ...later.returns.attempts],
    },
  };
}

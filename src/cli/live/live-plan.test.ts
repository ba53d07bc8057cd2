// What a live view shows of a run before anything is measured.
import { expect, it } from 'vitest';
import { createPlan } from '../../load/plan/create-plan.ts';
import { createObserveTarget } from '../../target/observe.ts';
import { livePlan } from './live-plan.ts';

it('says how many workers there are, on a line that is short', () => {
  const target = createObserveTarget('ws://127.0.0.1:8800/ws', 'no reason');
  const titleOf = (workers: number | 'auto') => {
    const plan = createPlan({ clients: 1, workers });
    if (!plan.ok) throw new Error(plan.problem);
    return livePlan({ ...plan.value, workersReason: plan.value.workersReason && 'few cores' }, target).title;
  };
  expect(titleOf('auto')).toBe('ws://127.0.0.1:8800/ws (observe) in 1 worker');
  expect(titleOf(1)).toBe('ws://127.0.0.1:8800/ws (observe) in 1 worker');
});

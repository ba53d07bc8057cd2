// What a scenario publishes out of the protocol's order: a step's end without its start, and whatever follows the end.
import { describe, expect, it } from 'vitest';
import type { Envelope } from '../protocol/envelope.ts';
import { PlanOrder } from './plan-order.ts';

function faults(events: readonly (readonly [string, Record<string, unknown>])[]): string[] {
  const order = new PlanOrder();
  const envelope = (type: string, more: Record<string, unknown>): Envelope => ({
    type,
    appId: 'shop',
    payload: { sagaId: 's', ...more },
  });
  return events.flatMap(([type, more]) => order.judge(envelope(type, more)) ?? []);
}

const RUNNING = ['deploy.step', { step: 'build', status: 'running' }] as const;
const COMPLETE = ['deploy.step', { step: 'build', status: 'complete' }] as const;
const COMPLETED = ['deploy.completed', { imageTag: 'v1' }] as const;

describe('the order of a plan', () => {
  it.each([
    ['a step that runs and ends, and then the saga', [RUNNING, COMPLETE, COMPLETED], []],
    ['a step that runs twice', [RUNNING, COMPLETE, RUNNING, COMPLETE], []],
    ['other events behind the end', [COMPLETED, ['app.scaled', { group: 'web', count: 3 }]], []],
    [
      'a step that ends without a start',
      [COMPLETE, COMPLETED],
      ['step build of saga s is complete and was never running'],
    ],
    [
      'a step behind the end of its saga',
      [COMPLETED, RUNNING],
      ['deploy.step of saga s after its deploy.completed'],
    ],
  ] as const)('judges %s', (_, events, problems) => {
    expect(faults(events)).toEqual(problems);
  });
});

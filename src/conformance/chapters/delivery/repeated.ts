// Equal events are events of their own: nothing is left out because it was said before.
import type { Check } from '../../check.ts';
import { BROADCAST_CLAUSE } from '../../clauses.ts';
import { FACTS, fail, pass } from '../../finding.ts';
import { findDeliveryBreach } from './account.ts';

const STEP = {
  type: 'deploy.step',
  appId: 'norn-conformance',
  payload: { step: 'build', sagaId: 'saga-1', status: 'running' },
};
const COMPLETED = {
  type: 'deploy.completed',
  appId: 'norn-conformance',
  payload: { sagaId: 'saga-1', imageTag: 'v1' },
};
const RESTART = { type: 'app.restarted', appId: 'norn-conformance', payload: { sagaId: 'saga-1' } };

export const repeatedEvents: Check = {
  id: 'delivery.repeated-events',
  chapter: 'delivery',
  title: 'an event that repeats the previous one is delivered, too',
  level: 'must',
  clause: BROADCAST_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A step that is retried starts twice, an app can be restarted twice: a consumer that counts events, or waits for the second, needs both. Three equal steps, two equal restarts, a step after the saga has ended, and then the same event, byte for byte, three times: all must arrive. A hub that drops repeated events fails.',
  isolation: 'shared',
  async run(lab) {
    const client = await lab.witness();
    const events = await lab.publish([STEP, STEP, STEP, RESTART, RESTART, COMPLETED, STEP], [client]);
    const same = lab.series.next(STEP);
    const outcome = await lab.tryPublish([same, same, same], [client]);
    const expectedAnswer = 'the same event is accepted three times';
    if (!outcome.ok) return lab.refusal(outcome, { expected: expectedAnswer, whenRefused: 'fail' });
    const fence = await lab.fence([client]);
    const once = events.map(({ sequence }) => sequence);
    // The breach of a client that got equal sequences speaks of "twice", so this check reports the count.
    const got = client.record.sequences.filter((sequence) => sequence === same.sequence).length;
    if (got !== 3)
      return fail(
        {
          expected: 'an event that is broadcast three times, byte for byte, arrives three times',
          got: `it arrived ${got} times`,
        },
        FACTS,
      );
    const expected = [...once, same.sequence, same.sequence, same.sequence, fence];
    return findDeliveryBreach(client, expected) ?? pass();
  },
};

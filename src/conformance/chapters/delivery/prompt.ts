// Events arrive at once, not when a timer of the hub fires.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { median } from '../../median.ts';

const EVENTS = 15;
/** A correct hub needs a few milliseconds; a loaded machine shows less than this in the middle of all. */
const MOST_MEDIAN_MILLIS = 200;

export const promptDelivery: Check = {
  id: 'delivery.prompt',
  chapter: 'delivery',
  title: 'events reach healthy clients without delay',
  level: 'should',
  clause: {
    source: 'protocol: WebSocket',
    quote: 'Norn uses WebSocket for real-time event broadcasting.',
  },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A hub that polls its queue, or collects events before it sends them, shows a deploy that lags behind itself. Fifteen events are broadcast, each when the one before has reached three clients; half of them must have arrived within 200 ms of their broadcast.',
  isolation: 'alone',
  isTimed: true,
  async run(lab) {
    const clients = await lab.witnesses(3);
    const tookMillis: number[] = [];
    for (let sent = 0; sent < EVENTS; sent++) {
      const startMillis = lab.elapsedMillis();
      await lab.fence(clients);
      tookMillis.push(lab.elapsedMillis() - startMillis);
    }
    const medianMillis = Math.round(median(tookMillis));
    return medianMillis <= MOST_MEDIAN_MILLIS
      ? pass()
      : fail(
          {
            expected: `half of the events arrive within ${MOST_MEDIAN_MILLIS} ms`,
            got: `half of them took ${medianMillis} ms or more`,
          },
          { excessMillis: medianMillis - MOST_MEDIAN_MILLIS },
        );
  },
};

// Events are live: a client does not receive what was broadcast before it connected.

import { encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { BROADCAST_CLAUSE } from '../../clauses.ts';
import { fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { burstsAtOnce } from '../../lab/route/burst-unordered.ts';
import { waitedInVain } from '../../timed-work.ts';
import { blanks, findDeliveryBreach } from './account.ts';

export const noHistory: Check = {
  id: 'delivery.no-history',
  chapter: 'delivery',
  title: 'a client that joins late receives no earlier event',
  level: 'must',
  clause: { source: 'protocol: WebSocket', quote: 'The dashboard and CLI connect to receive live updates' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Events are live: a CLI that starts a deploy must not show the end of the previous one. Five events are broadcast, then a client joins; the next event must be the first that it receives.',
  // Beside others their events would be the latest, and what a hub keeps of the past.
  isolation: 'alone',
  async run(lab) {
    const early = await lab.witness();
    await lab.publish(blanks(5), [early]);
    const late = await lab.witness();
    const fence = await lab.fence([early, late]);
    return findDeliveryBreach(late, [fence]) ?? pass();
  },
};

/** More than the broadcast queue holds. */
const [EVENTS_TO_NOBODY, BURST_EVENTS] = [300, 50];
/** Between looks whether a client still receives what was broadcast before. */
const QUIET_MILLIS = 60;
/** A hub that has 256 events queued evicts three clients with them at most. */
const MOST_LISTENERS = 5;
const UNHEARD_EVENTS = 5;
const UNHEARD_MILLIS = 500;

export const nobodyConnected: Check = {
  id: 'delivery.nobody-connected',
  chapter: 'delivery',
  title: 'a broadcast without listeners is accepted',
  level: 'must',
  clause: BROADCAST_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Deploys run at night. 300 events, more than the broadcast queue holds, are broadcast with nobody connected: the producer must not wait for a listener, and a client that connects then receives events as usual. Events still queued in the hub may reach that client first, and may be more than its buffer holds: then it connects again. Then it leaves, five more events are broadcast, and a client that connects half a second later receives none of them.',
  isolation: 'alone',
  async run(lab) {
    const [wanted, atOnce] = [EVENTS_TO_NOBODY, burstsAtOnce(lab)];
    lab.affordable({ wanted, fewest: wanted, atOnce, deliveriesEach: 0 });
    for (let sent = 0; sent < EVENTS_TO_NOBODY; sent += BURST_EVENTS) {
      const { outcome } = await lab.burstUnordered(blanks(BURST_EVENTS));
      const expected = 'broadcasts are accepted while nobody is connected';
      if (!outcome.ok) return lab.refusal(outcome, { expected, whenRefused: 'fail' });
    }
    // The join barrier and the fence judge: whoever connects now gets what is broadcast now.
    const first = await firstListener(lab);
    await lab.join([first]);
    await lab.fence([first]);
    first.send(8, encodeClosePayload(1_000));
    await first.untilClosed();
    const fromMillis = lab.elapsedMillis();
    const { events, outcome } = await lab.tryBurst(blanks(UNHEARD_EVENTS));
    const expected = 'broadcasts are accepted when the last client has left';
    if (!outcome.ok) return lab.refusal(outcome, { expected, whenRefused: 'fail' });
    // So few events are through the hub in no time: what comes to a client after this was kept for it.
    await lab.pause(UNHEARD_MILLIS);
    const tookMillis = lab.elapsedMillis() - fromMillis;
    const second = await lab.witness();
    await lab.fence([second]);
    const kept = events.filter(({ sequence }) => second.record.sequences.includes(sequence));
    return kept.length === 0
      ? pass()
      : fail(
          {
            expected: `nothing of ${UNHEARD_EVENTS} events that were broadcast ${UNHEARD_MILLIS} ms before the client connected`,
            got: `client ${second.name} got ${kept.length} of them`,
          },
          { basis: waitedInVain({ fromMillis, tookMillis }) },
        );
  },
};

/** A client for which nothing is left of what was broadcast before; the last one, where the hub disconnects them all. */
async function firstListener(lab: Lab): Promise<LabClient> {
  for (let count = 1; ; count++) {
    const client = await lab.connect();
    const untilMillis = lab.elapsedMillis() + lab.settings.waitMillis;
    let messages = -1;
    while (client.isOpen && client.record.messages > messages && lab.elapsedMillis() < untilMillis) {
      messages = client.record.messages;
      await lab.pause(QUIET_MILLIS);
    }
    if (client.isOpen || count === MOST_LISTENERS) return client;
  }
}

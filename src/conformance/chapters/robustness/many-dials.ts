// Many clients that connect in the same moment, as after a restart of the hub.
import type { Check } from '../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../clauses.ts';
import { fail, pass } from '../../finding.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';

const DIALS = 200;
/** A hub that shares its clients out among several must keep the order in each share. */
const [EVENTS_FOR_ALL, FEWEST_FOR_ALL] = [24, 4];

export const manyDials: Check = {
  id: 'robustness.two-hundred-dials',
  chapter: 'robustness',
  title: 'two hundred clients that connect at once are all accepted and all receive the next events',
  level: 'must',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'After a restart every dashboard reconnects in the same second. 200 handshakes start together; all must succeed, and 25 events must reach all, in order.',
  isolation: 'alone',
  async run(lab) {
    const dials = await Promise.all(Array.from({ length: DIALS }, () => lab.tryConnect()));
    const refused = dials.filter((dial) => !dial.ok);
    if (refused[0] && !refused[0].ok)
      return fail({
        expected: `${DIALS} clients are accepted`,
        got: `${refused.length} were not: ${refused[0].problem}`,
      });
    const clients = dials.flatMap((dial) => (dial.ok ? [dial.client] : []));
    await lab.join(clients);
    const fence = await lab.fence(clients);
    const count = lab.affordable({ wanted: EVENTS_FOR_ALL, fewest: FEWEST_FOR_ALL });
    const events = await lab.publish(blanks(count), clients);
    return findFirstBreach(clients, [fence, ...events.map(({ sequence }) => sequence)]) ?? pass();
  },
};

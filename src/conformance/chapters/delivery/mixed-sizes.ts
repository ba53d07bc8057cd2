// Large events among small ones: size changes neither the order nor who gets what.
import type { Check } from '../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../clauses.ts';
import { pass } from '../../finding.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import { findFirstBreach } from './account.ts';

const CLIENTS = 4;
const LARGE_BYTES = 256 * 1024;
const ROUNDS = 12;
/** Behind each large one, at once. */
const SMALL_EVENTS = 6;
const ROUND_EVENTS = 1 + SMALL_EVENTS;

export const largeAmongSmall: Check = {
  id: 'delivery.large-among-small',
  chapter: 'delivery',
  title: 'large events keep their place among small ones, at every client',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Large events often take a separate path: compressed, copied, sent from another goroutine, or counted against a byte limit. Later events then overtake them, or some clients do not receive them. Twelve events of 256 KiB (or as large as the hub takes; fewer where the hub is slow), each with six small ones right behind it, go to four clients: all must get all, once, in this order.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(CLIENTS);
    const paddingBytes = await findEventBytes(lab, LARGE_BYTES, clients);
    const expected = [...(clients[0]?.record.sequences ?? [])];
    const small = Array.from({ length: SMALL_EVENTS }, () => ({}));
    const count = lab.affordable({ wanted: ROUNDS * ROUND_EVENTS, fewest: ROUND_EVENTS });
    for (let sent = 0; sent < count; sent += ROUND_EVENTS) {
      const events = await lab.publish([{ paddingBytes }, ...small], clients);
      expected.push(...events.map(({ sequence }) => sequence));
    }
    return findFirstBreach(clients, expected) ?? pass();
  },
};

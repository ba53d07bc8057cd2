// Many clients that connect in the same moment, as after a restart of the hub, and more than any round number of clients.
import type { Check } from '../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../clauses.ts';
import { FACTS, fail, pass } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';

const DIALS = 200;
/** More than 512 in all, a common size of tables; fewer than a process may have open by default. */
const [MORE_GROUPS, MORE_EACH] = [4, 85];
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
    'After a restart every dashboard reconnects in the same second. 200 handshakes start together; all must succeed, and 25 events must reach all, in order. Then 340 more connect in four groups: they and the first 200 receive the next event. A hub may refuse more clients than it is made for; the first 200 stay and receive it all the same.',
  isolation: 'alone',
  async run(lab) {
    const dials = await Promise.all(Array.from({ length: DIALS }, () => lab.tryConnect()));
    const refused = dials.filter((dial) => !dial.ok);
    if (refused[0] && !refused[0].ok)
      return fail(
        {
          expected: `${DIALS} clients are accepted`,
          got: `${refused.length} were not: ${refused[0].problem}`,
        },
        refused.every((dial) => !dial.ok && dial.kind === 'timeout') ? {} : FACTS,
      );
    const clients = dials.flatMap((dial) => (dial.ok ? [dial.client] : []));
    await lab.join(clients);
    const fence = await lab.fence(clients);
    const count = lab.affordable({ wanted: EVENTS_FOR_ALL, fewest: FEWEST_FOR_ALL });
    const events = await lab.publish(blanks(count), clients);
    const breach = findFirstBreach(clients, [fence, ...events.map(({ sequence }) => sequence)]);
    if (breach !== undefined) return breach;
    const more = await joinMore(lab);
    // A hub that did not bear so many has lost those that were there.
    await clients[0]?.ping('still there');
    const gone = clients.find(({ isOpen }) => !isOpen);
    if (gone !== undefined)
      return fail(
        { expected: `${DIALS} clients stay when more connect`, got: describeState(gone) },
        basisOf(gone),
      );
    await lab.fence([...clients, ...more]);
    return pass();
  },
};

/** All that were let in; nobody where the hub is made for fewer, so that it is judged within its limit. */
async function joinMore(lab: Lab): Promise<readonly LabClient[]> {
  const clients: LabClient[] = [];
  for (let group = 0; group < MORE_GROUPS; group++) {
    const dials = await Promise.all(Array.from({ length: MORE_EACH }, () => lab.tryConnect()));
    clients.push(...dials.flatMap((dial) => (dial.ok ? [dial.client] : [])));
    const refused = dials.find((dial) => !dial.ok);
    if (refused?.ok !== false) continue;
    lab.note(`beyond ${DIALS + clients.length} clients: ${refused.problem}`);
    for (const client of clients) client.destroy();
    return [];
  }
  await lab.join(clients);
  return clients;
}

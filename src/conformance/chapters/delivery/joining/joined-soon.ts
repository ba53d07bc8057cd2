// How long a hub may take from the 101 of a client to its registration: nearly nothing. How often a client loses a race of
// less than that is measured elsewhere (measurement/register-race.ts).
import type { Check } from '../../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../../clauses.ts';
import { type Finding, fail, pass } from '../../../finding.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';

/** Far more than a hub takes that registers after the 101, as the protocol's own does; also on a busy machine for most. */
const SOON_MILLIS = 8;
/** A client that was not run in time is no evidence: most of these must miss. */
const CLIENTS = 5;
const MOST = Math.ceil(CLIENTS / 2);

export const joinedSoon: Check = {
  id: 'delivery.joined-soon',
  chapter: 'delivery',
  title: 'a client receives what is broadcast 8 ms after its 101',
  level: 'must',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A command-line client connects and then deploys: the steps that are broadcast before the hub has registered it are lost without a trace. A hub that registers a client in another goroutine or task takes less than a millisecond, which is allowed (`measurement.register-race` counts who loses that race); one that waits for a timer, a lookup or a queue loses events at every connect. Five clients connect, one after the other; for each an event is broadcast 8 ms after its 101, and most of them must receive it. Fix: register the client before writing the 101.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    const late: Late[] = [];
    for (let dials = 0, soon = 0; late.length < MOST && soon < MOST; dials++) {
      const found = await findLate(lab, witness);
      if (found === undefined) soon++;
      else late.push(found);
      lab.note(`client ${dials + 1} ${found === undefined ? 'received' : 'missed'} the event`);
    }
    return late.length < MOST ? pass() : judgeLate(late);
  },
};

interface Late {
  /** When its 101 had come, the event that it missed was sent so much later... */
  readonly missedAfterMillis: number;
  /** ...and it has received something after so long. */
  readonly joinedAfterMillis: number;
}

async function findLate(lab: Lab, witness: LabClient): Promise<Late | undefined> {
  const client = await lab.connect();
  const startMillis = lab.elapsedMillis();
  await lab.pause(SOON_MILLIS);
  const missedAfterMillis = lab.elapsedMillis() - startMillis;
  const sequence = await lab.fence([witness]);
  await lab.join([client]);
  const joinedAfterMillis = lab.elapsedMillis() - startMillis;
  // What comes after the event, in the order of the hub, is there: the event is not on its way any more.
  await lab.fence([client, witness]);
  const isMissed = !client.record.sequences.includes(sequence);
  client.destroy();
  return isMissed ? { missedAfterMillis, joinedAfterMillis } : undefined;
}

function judgeLate(late: readonly Late[]): Finding {
  const missedMillis = Math.max(...late.map(({ missedAfterMillis }) => missedAfterMillis));
  const joinedMillis = Math.min(...late.map(({ joinedAfterMillis }) => joinedAfterMillis));
  return fail({
    expected: `most clients receive an event that is broadcast ${SOON_MILLIS} ms after their 101`,
    got: `${late.length} missed it, sent up to ${Math.round(missedMillis)} ms after their 101; the first events arrived ${Math.round(joinedMillis)} ms after it or later`,
  });
}

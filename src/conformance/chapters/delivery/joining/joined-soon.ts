// How long a hub may take from the 101 of a client to its registration: nearly nothing. How often a client loses a race of
// less than that is measured elsewhere (measurement/register-race.ts).
import type { Check } from '../../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../../clauses.ts';
import { error, type Finding, fail, pass, skip } from '../../../finding.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { usuallyLate } from '../../../timed-work.ts';

/** Far more than a hub takes that registers after the 101, as the protocol's own does; also on a busy machine for most. */
const SOON_MILLIS = 8;
/** What arrives later was late itself: who receives it may have been registered meanwhile, which says nothing. */
const IN_TIME_MILLIS = 13;
/** A hub that takes part in events at once is found to do so within this, on an idle machine. */
const MOST_JOIN_MILLIS = 2 * SOON_MILLIS;
/** Of five clients most must miss it: one may belong to a hub that did not run for a moment. */
const CLIENTS = 5;
const MOST = Math.ceil(CLIENTS / 2);
/** On a busy machine, and on a slow route, many events are late: beyond the five so long, and longer where one was in time. */
const [BUDGET_MILLIS, LONGER_BUDGET_MILLIS] = [2_000, 6_000];

export const joinedSoon: Check = {
  id: 'delivery.joined-soon',
  chapter: 'delivery',
  title: 'a client receives what is broadcast 8 ms after its 101',
  level: 'must',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A command-line client connects and then deploys: the steps that are broadcast before the hub has registered it are lost without a trace. A hub that registers a client in another goroutine or task takes less than a millisecond, which is allowed (`measurement.register-race` counts who loses that race); one that waits for a timer, a lookup or a queue loses events at every connect. Five clients connect, one after the other (more where the machine is busy, as an event that is late itself proves nothing); for each an event is broadcast 8 ms after its 101, and most of them must receive it. Where no event of the hub arrives within 5 ms, nobody can see it, and the check is skipped; where a busy machine delays most of them, the check is an error. Fix: register the client before writing the 101.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    const startMillis = lab.elapsedMillis();
    const dials: Dial[] = [];
    const hasTime = (): boolean =>
      lab.elapsedMillis() - startMillis < (isSlow(dials) ? BUDGET_MILLIS : LONGER_BUDGET_MILLIS);
    while (!isDecided(dials) && (dials.length < CLIENTS || hasTime())) dials.push(await dial(lab, witness));
    const [missed, received] = [fatesOf(dials, 'missed'), fatesOf(dials, 'received')];
    lab.note(
      `of ${dials.length} clients ${missed.length} missed the event and ${received.length} received it in time`,
    );
    return judgeDials(dials);
  },
};

export interface Dial {
  /** Of the check, when its 101 came. */
  readonly fromMillis: number;
  /** unknown: received, but late. */
  readonly fate: 'received' | 'missed' | 'unknown';
  /** When its 101 had come, its event was sent so much later... */
  readonly sentAfterMillis: number;
  /** ...had arrived after so long... */
  readonly arrivedAfterMillis: number;
  /** ...and it has received something after so long. */
  readonly joinedAfterMillis: number;
}

async function dial(lab: Lab, witness: LabClient): Promise<Dial> {
  const client = await lab.connect();
  const startMillis = lab.elapsedMillis();
  const afterMillis = (): number => lab.elapsedMillis() - startMillis;
  await lab.pause(SOON_MILLIS);
  const sentAfterMillis = afterMillis();
  const sequence = await lab.fence([witness]);
  const arrivedAfterMillis = afterMillis();
  await lab.join([client]);
  const joinedAfterMillis = afterMillis();
  // What comes after the event, in the order of the hub, is there: the event is not on its way any more.
  await lab.fence([client, witness]);
  const isReceived = client.record.sequences.includes(sequence);
  client.destroy();
  const fate = !isReceived ? 'missed' : arrivedAfterMillis <= IN_TIME_MILLIS ? 'received' : 'unknown';
  return { fate, fromMillis: startMillis, sentAfterMillis, arrivedAfterMillis, joinedAfterMillis };
}

const fatesOf = (dials: readonly Dial[], wanted: Dial['fate']): readonly Dial[] =>
  dials.filter(({ fate }) => fate === wanted);

const isDecided = (dials: readonly Dial[]): boolean =>
  fatesOf(dials, 'missed').length >= MOST || fatesOf(dials, 'received').length >= MOST;

const deliveryMillis = ({ sentAfterMillis, arrivedAfterMillis }: Dial): number =>
  arrivedAfterMillis - sentAfterMillis;

/** Not one of the events was in time. */
const isSlow = (dials: readonly Dial[]): boolean =>
  dials.every((dial) => deliveryMillis(dial) > IN_TIME_MILLIS - SOON_MILLIS);

export function judgeDials(dials: readonly Dial[]): Finding {
  const [missed, received] = [fatesOf(dials, 'missed'), fatesOf(dials, 'received')];
  if (missed.length >= MOST) return judgeMissed(missed);
  if (received.length >= MOST) return pass();
  const decided = missed.length + received.length;
  if (!isSlow(dials))
    return error(
      `only ${decided} of ${dials.length} clients could be judged: for the others the event itself was late`,
    );
  const tookMillis = Math.min(...dials.map(deliveryMillis));
  const timed = dials.map((dial) => ({ fromMillis: dial.fromMillis, tookMillis: dial.arrivedAfterMillis }));
  // On a busy machine the hub may be quick all the same.
  return skip(
    `an event takes ${Math.ceil(tookMillis)} ms or more from its broadcast to a client, which hides when a client takes part`,
    { basis: usuallyLate(timed, tookMillis, IN_TIME_MILLIS - SOON_MILLIS) },
  );
}

function judgeMissed(missed: readonly Dial[]): Finding {
  const missedMillis = Math.max(...missed.map(({ sentAfterMillis }) => sentAfterMillis));
  const joinedMillis = Math.min(...missed.map(({ joinedAfterMillis }) => joinedAfterMillis));
  const joining = missed.map(({ fromMillis, joinedAfterMillis }) => ({
    fromMillis,
    tookMillis: joinedAfterMillis,
  }));
  const breach = {
    expected: `most clients receive an event that is broadcast ${SOON_MILLIS} ms after their 101`,
    got: `${missed.length} missed it, sent up to ${Math.round(missedMillis)} ms after their 101; the first events arrived ${Math.round(joinedMillis)} ms after it or later`,
  };
  // The first events may be there within what is usual also where the hub was a little late: then the event itself was missed.
  const basis =
    joinedMillis > MOST_JOIN_MILLIS
      ? usuallyLate(joining, joinedMillis, MOST_JOIN_MILLIS)
      : usuallyLate(joining, missedMillis, SOON_MILLIS);
  return fail(breach, { basis });
}

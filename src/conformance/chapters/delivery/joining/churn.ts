// Clients that join and leave while events flow do not affect the others.

import type { Check } from '../../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../../clauses.ts';
import { FACTS, fail, pass, warn } from '../../../finding.ts';
import { oneLate, slowestOf, type TimedWork } from '../../../timed-work.ts';
import { leaveInOrder, leaveWithFin, leaveWithReset } from '../../lifecycle/leaving.ts';
import { blanks, findDeliveryBreach, findFirstBreach } from '../account.ts';

const [LEAVING_ROUNDS, FEWEST_ROUNDS] = [6, 2];
/** A round of a slow route: two events for the join, one or two while clients leave. */
const ROUND_EVENTS = 4;
/** Events on their way while clients leave, and how long they may be on a slow route. */
const [FLOW_EVENTS, FLOW_MILLIS] = [16, 160];
const LEAVERS = 18;
/** A correct hub needs a few milliseconds, also on a loaded machine less than this. */
const LATE_MILLIS = 2_000;
const WAYS_TO_LEAVE = [leaveInOrder, leaveWithReset, leaveWithFin];

export const leaversChangeNothing: Check = {
  id: 'delivery.leavers-change-nothing',
  chapter: 'delivery',
  title: 'clients that leave, reset or return do not affect the others',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Tabs are closed and laptops fall asleep in the middle of a deploy. Six rounds: 18 clients leave one after the other, with a Close, with a reset, or by ending their writing, while events go on without a pause; the others receive every event once (later than two seconds, and what the broadcast route takes, is a warning), and a client that returns receives each new event once.',
  isolation: 'alone',
  async run(lab) {
    const stayers = await lab.witnesses(3);
    const expected: number[] = [];
    const flows: TimedWork[] = [];
    const flowEvents = Math.ceil(Math.min(FLOW_EVENTS, FLOW_MILLIS / Math.max(1, lab.routeMillis)));
    const lateMillis = LATE_MILLIS + Math.round(flowEvents * lab.routeMillis);
    const count = lab.affordable({
      wanted: LEAVING_ROUNDS * ROUND_EVENTS,
      fewest: FEWEST_ROUNDS * ROUND_EVENTS,
      deliveriesEach: (2 + FLOW_EVENTS) / ROUND_EVENTS,
    });
    for (let round = 0; round < count / ROUND_EVENTS; round++) {
      const leavers = await lab.witnesses(LEAVERS);
      let isOver = false;
      const flow = (async () => {
        while (!isOver) {
          const fromMillis = lab.elapsedMillis();
          expected.push(...(await lab.publish(blanks(flowEvents), stayers)).map(({ sequence }) => sequence));
          flows.push({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
        }
      })();
      flow.catch(() => {}); // reported when it is awaited
      for (const [index, leaver] of leavers.entries()) {
        WAYS_TO_LEAVE[index % WAYS_TO_LEAVE.length]?.(leaver);
        await lab.pause(1);
      }
      isOver = true;
      await flow;
    }
    const returned = await lab.witness();
    const before = returned.record.sequences.length;
    const more = (await lab.publish(blanks(4), [...stayers, returned])).map(({ sequence }) => sequence);
    const breach = findFirstBreach(stayers, [...expected, ...more]);
    if (breach) return breach;
    if (before > 0)
      return fail(
        { expected: 'a new client receives no earlier event', got: `${before} events from before` },
        FACTS,
      );
    const missed = findDeliveryBreach(returned, more);
    if (missed) return missed;
    const slowest = slowestOf(flows);
    return slowest.tookMillis <= lateMillis
      ? pass()
      : warn(
          {
            expected: `events reach the remaining clients within ${lateMillis} ms while others leave`,
            got: `some took ${Math.round(slowest.tookMillis)} ms`,
          },
          { basis: oneLate(slowest, lateMillis) },
        );
  },
};

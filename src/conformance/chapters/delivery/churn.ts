// Clients that join and leave while events flow do not affect the others.
import type { Check } from '../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../clauses.ts';
import { fail, pass, warn } from '../../finding.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { blanks, findDeliveryBreach, findFirstBreach } from './account.ts';

const LEAVING_ROUNDS = 6;
const LEAVERS = 18;
/** A correct hub needs a few milliseconds, also on a loaded machine less than this. */
const LATE_MILLIS = 2_000;
const WAYS_TO_LEAVE: readonly ((client: LabClient) => void)[] = [
  (client) => client.send(8, Buffer.from([0x03, 0xe8])),
  (client) => client.reset(),
  (client) => client.endWriting(),
];

export const leaversChangeNothing: Check = {
  id: 'delivery.leavers-change-nothing',
  chapter: 'delivery',
  title: 'clients that leave, reset or return do not affect the others',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Tabs are closed and laptops fall asleep in the middle of a deploy. Six rounds: 18 clients leave one after the other, with a Close, with a reset, or by ending their writing, while events go on without a pause; the others receive every event once (later than two seconds is a warning), and a client that returns receives each new event once.',
  isolation: 'alone',
  async run(lab) {
    const stayers = await lab.witnesses(3);
    const expected: number[] = [];
    let longestMillis = 0;
    for (let round = 0; round < LEAVING_ROUNDS; round++) {
      const leavers = await lab.witnesses(LEAVERS);
      let isOver = false;
      const flow = (async () => {
        while (!isOver) {
          const startMillis = lab.elapsedMillis();
          expected.push(...(await lab.publish(blanks(16), stayers)).map(({ sequence }) => sequence));
          longestMillis = Math.max(longestMillis, Math.round(lab.elapsedMillis() - startMillis));
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
      return fail({
        expected: 'a new client receives no earlier event',
        got: `${before} events from before`,
      });
    const missed = findDeliveryBreach(returned, more);
    if (missed) return missed;
    return longestMillis <= LATE_MILLIS
      ? pass()
      : warn({
          expected: `events reach the remaining clients within ${LATE_MILLIS} ms while others leave`,
          got: `some took ${longestMillis} ms`,
        });
  },
};

/** So many that some come in the middle of what the hub has queued. */
const NEWCOMERS = 100;

export const newcomersWhileBusy: Check = {
  id: 'delivery.newcomers-while-busy',
  chapter: 'delivery',
  title: 'a client can join while events flow without a pause',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A run loop that prefers broadcasts to registrations accepts nobody on a busy day. Events flow to four witnesses, which must receive all of them, while a hundred clients connect one after the other; each must receive an event.',
  isolation: 'alone',
  async run(lab) {
    const witnesses = await lab.witnesses(4);
    let isOver = false;
    const flow = (async () => {
      while (!isOver) await lab.publish(blanks(16), witnesses);
    })();
    flow.catch(() => {}); // reported when it is awaited
    try {
      for (let dial = 0; dial < NEWCOMERS; dial++) {
        const client = await lab.connect();
        if (!(await client.until(() => client.record.messages > 0, 'any event while events flow'))) {
          return fail({
            expected: 'a client that connects while events flow receives one',
            got: `client ${client.name} received nothing`,
          });
        }
        client.destroy();
        // Else each would come at the same moment of a batch.
        await lab.pause(lab.random.between(0, 3));
      }
    } finally {
      isOver = true;
      await flow;
    }
    return pass();
  },
};

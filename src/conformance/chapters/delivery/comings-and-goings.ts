// Who comes, goes or comes back changes nothing for the others.
import type { Check } from '../../check.ts';
import { fail, pass, warn } from '../../finding.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { blanks, findDeliveryBreach, findFirstBreach } from './account.ts';

const HUB_CLAUSE = {
  source: 'protocol: Hub Architecture',
  quote: 'Hub.Run() — goroutine running the main select loop (register, unregister, broadcast)',
};

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
  clause: HUB_CLAUSE,
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

export const manyFromOneAddress: Check = {
  id: 'delivery.many-from-one-address',
  chapter: 'delivery',
  title: 'clients with the same address and headers are separate clients',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'Per-client send buffer' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A browser opens a tab twice, an office sits behind one address. Twelve clients with equal headers must all receive; when one leaves, the others and a later one still do. A hub that identifies clients by address or header silences one of them.',
  isolation: 'shared',
  async run(lab) {
    const headers = [
      ['User-Agent', 'dashboard'],
      ['Cookie', 'session=1'],
      ['Origin', 'http://localhost:5173'],
    ] as const;
    const clients = await lab.witnesses(12, { headers });
    const first = await lab.fence(clients);
    const [gone, ...rest] = clients;
    gone?.send(8, Buffer.from([0x03, 0xe8]));
    await gone?.untilClosed();
    const second = await lab.fence(rest);
    const newcomer = await lab.witness({ headers });
    const third = await lab.fence([...rest, newcomer]);
    return findFirstBreach(rest, [first, second, third]) ?? findDeliveryBreach(newcomer, [third]) ?? pass();
  },
};

const UNHEARD_EVENTS = 5;
const UNHEARD_MILLIS = 500;

export const nobodyConnected: Check = {
  id: 'delivery.nobody-connected',
  chapter: 'delivery',
  title: 'a broadcast without listeners is accepted',
  level: 'must',
  clause: {
    source: 'protocol: Hub Architecture',
    quote: 'Hub.Broadcast(evt) — marshals an Event to JSON and sends to the broadcast channel',
  },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Deploys run at night. 300 events, more than the broadcast queue holds, are broadcast with nobody connected: the producer must not wait for a listener, and a client that connects then receives events as usual. Events still queued in the hub may reach that client first. Then it leaves, five more events are broadcast, and a client that connects half a second later receives none of them.',
  isolation: 'alone',
  async run(lab) {
    for (let sent = 0; sent < 300; sent += 50) {
      const { outcome } = await lab.tryBurst(blanks(50));
      if (!outcome.ok)
        return fail({ expected: 'broadcasts are accepted while nobody is connected', got: outcome.problem });
    }
    // The join barrier and the fence judge: whoever connects now gets what is broadcast now.
    const first = await lab.witness();
    await lab.fence([first]);
    first.send(8, Buffer.from([0x03, 0xe8]));
    await first.untilClosed();
    const { events, outcome } = await lab.tryBurst(blanks(UNHEARD_EVENTS));
    if (!outcome.ok)
      return fail({
        expected: 'broadcasts are accepted when the last client has left',
        got: outcome.problem,
      });
    // So few events are through the hub in no time: what comes to a client after this was kept for it.
    await lab.pause(UNHEARD_MILLIS);
    const second = await lab.witness();
    await lab.fence([second]);
    const kept = events.filter(({ sequence }) => second.record.sequences.includes(sequence));
    return kept.length === 0
      ? pass()
      : fail({
          expected: `nothing of ${UNHEARD_EVENTS} events that were broadcast ${UNHEARD_MILLIS} ms before the client connected`,
          got: `client ${second.name} got ${kept.length} of them`,
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
  clause: HUB_CLAUSE,
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

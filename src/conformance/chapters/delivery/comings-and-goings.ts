// Who comes, goes or comes back changes nothing for the others.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { blanks, findDeliveryBreach, findFirstBreach } from './account.ts';

const HUB_CLAUSE = {
  source: 'protocol: Hub Architecture',
  quote: 'Hub.Run() — goroutine running the main select loop (register, unregister, broadcast)',
};

export const noHistory: Check = {
  id: 'delivery.no-history',
  chapter: 'delivery',
  title: 'a client that joins late gets no event from before',
  level: 'must',
  clause: { source: 'protocol: WebSocket', quote: 'The dashboard and CLI connect to receive live updates' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Events are live: a CLI that starts a deploy must not be shown the end of the last one. Five events are broadcast, then a client joins; the next event must be the first it gets.',
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

export const leaversChangeNothing: Check = {
  id: 'delivery.leavers-change-nothing',
  chapter: 'delivery',
  title: 'clients that leave, reset or come back change nothing for those who stay',
  level: 'must',
  clause: HUB_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Tabs are closed and laptops fall asleep in the middle of a deploy. Ten rounds: clients leave with a Close, with a reset, or end their writing, while events go on; those who stay get every event once, and who comes back gets each new one once.',
  isolation: 'alone',
  async run(lab) {
    const stayers = await lab.witnesses(3);
    const expected: number[] = [];
    for (let round = 0; round < 10; round++) {
      const leavers = await lab.witnesses(3);
      const [closing, resetting, ending] = leavers;
      const publishing = lab.publish(blanks(8), stayers);
      closing?.send(8, Buffer.from([0x03, 0xe8]));
      resetting?.reset();
      ending?.endWriting();
      expected.push(...(await publishing).map(({ sequence }) => sequence));
    }
    const returned = await lab.witness();
    const before = returned.inbox.sequences.length;
    const more = (await lab.publish(blanks(4), [...stayers, returned])).map(({ sequence }) => sequence);
    const breach = findFirstBreach(stayers, [...expected, ...more]);
    if (breach) return breach;
    return before === 0
      ? (findDeliveryBreach(returned, more) ?? pass())
      : fail({ expected: 'a new client starts with nothing', got: `${before} events from before` });
  },
};

export const manyFromOneAddress: Check = {
  id: 'delivery.many-from-one-address',
  chapter: 'delivery',
  title: 'clients of one address with the same headers are clients of their own',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'Per-client send buffer' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A browser opens a tab twice, an office sits behind one address. Twelve clients with equal headers must all receive; when one leaves, the others and one that comes after still do. A hub that tells clients apart by address or header silences one of them.',
  isolation: 'shared',
  async run(lab) {
    const headers = [
      ['User-Agent', 'dashboard'],
      ['Cookie', 'session=1'],
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
  title: 'a broadcast that nobody listens to is accepted',
  level: 'must',
  clause: {
    source: 'protocol: Hub Architecture',
    quote: 'Hub.Broadcast(evt) — marshals an Event to JSON and sends to the broadcast channel',
  },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Deploys run at night. 300 events, more than the broadcast queue holds, are broadcast with nobody connected: the producer must not wait for a listener, and who connects then takes part as always. What the hub still had queued may reach that client first; then it leaves, five more events are broadcast, and who comes half a second later gets none of them.',
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
    const kept = events.filter(({ sequence }) => second.inbox.sequences.includes(sequence));
    return kept.length === 0
      ? pass()
      : fail({
          expected: `nothing of ${UNHEARD_EVENTS} events that were broadcast ${UNHEARD_MILLIS} ms before the client came`,
          got: `client ${second.name} got ${kept.length} of them`,
        });
  },
};

export const newcomersWhileBusy: Check = {
  id: 'delivery.newcomers-while-busy',
  chapter: 'delivery',
  title: 'a client can join while events flow without a pause',
  level: 'must',
  clause: HUB_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A run loop that prefers broadcasts to registrations lets nobody in on a busy day. Events flow to a witness all the time while five clients connect one after the other; each must get an event.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    let isOver = false;
    const flow = (async () => {
      while (!isOver) await lab.publish(blanks(16), [witness]);
    })();
    flow.catch(() => {}); // told when it is awaited
    try {
      for (let dial = 0; dial < 5; dial++) {
        const client = await lab.connect();
        if (!(await client.until(() => client.inbox.messageCount > 0, 'any event while events flow'))) {
          return fail({
            expected: 'a client that connects while events flow gets one',
            got: `client ${client.name} got nothing`,
          });
        }
      }
    } finally {
      isOver = true;
      await flow;
    }
    return pass();
  },
};

// Symptoms of hubs that send events to the wrong set of clients.
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import type { Witness } from '../../peers/witness-client.ts';
import { hasNumber, join, leave, numbersOf, PRESENCE_MILLIS, publishPaced } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

const QUIET_MILLIS = 800;

const publish = (hub: RunningHub, number: number) =>
  postEvents(hub.broadcastUrl, [buildNumberedText(number)]);

/** Publishes 0 and 1; which of the clients have what. */
async function publishTwo(hub: RunningHub, clients: readonly Witness[]): Promise<number[][]> {
  await publish(hub, 0);
  await publish(hub, 1);
  for (const client of clients) await client.until(() => hasNumber(client, 1), QUIET_MILLIS);
  return clients.map(numbersOf);
}

async function joinAfterLeft(hub: RunningHub, left: number): Promise<Witness> {
  const clients: Witness[] = [];
  while (clients.length < left) clients.push(await join(hub));
  for (const client of clients) await leave(hub, client);
  return join(hub);
}

/** What the first that joins after so many have left receives of 0 and 1. */
const joinsAfterLeft = (left: number, numbers: string): Symptom => ({
  async shows(hub) {
    const client = await joinAfterLeft(hub, left);
    await publish(hub, 0);
    await publish(hub, 1);
    await client.until(() => numbersOf(client).filter((number) => number === 1).length === 2, QUIET_MILLIS);
    return numbersOf(client).join() === numbers;
  },
});

/** The first that joins misses what is broadcast at once, and receives what is broadcast after `pauseMillis`. */
function missesFirstOf(pauseMillis: number): Symptom {
  return {
    async shows(hub) {
      const witness = await join(hub);
      await publish(hub, 0);
      await witness.until(() => false, pauseMillis);
      await publish(hub, 1);
      await witness.until(() => hasNumber(witness, 1));
      return numbersOf(witness).join() === '1';
    },
  };
}

export const MEMBERSHIP_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'group-of-one-forgotten': {
    async shows(hub) {
      const clients: Witness[] = [];
      while (clients.length < 26) clients.push(await join(hub));
      await publish(hub, 0);
      const last = clients.pop() as Witness;
      for (const client of clients) await client.until(() => hasNumber(client, 0));
      return !(await last.until(() => hasNumber(last, 0), QUIET_MILLIS));
    },
  },
  'twice-after-three-left': joinsAfterLeft(3, '0,0,1,1'),
  'gaps-after-five-left': {
    async shows(hub) {
      const client = await joinAfterLeft(hub, 5);
      for (let number = 0; number < 6; number += 1) await publish(hub, number);
      await client.until(() => false, QUIET_MILLIS);
      return numbersOf(client).length === 4;
    },
  },
  'register-late': missesFirstOf(600),
  'register-after-30-ms': missesFirstOf(100),
  'register-by-turns': missesFirstOf(100),
  'register-race': {
    async shows(hub) {
      let lost = 0;
      for (let dial = 0; dial < 100; dial += 1) {
        const witness = await join(hub);
        await publish(hub, 0);
        if (!(await witness.until(() => hasNumber(witness, 0), QUIET_MILLIS))) lost += 1;
        witness.destroy();
      }
      return lost > 0 && lost < 50;
    },
  },
  'identity-by-address': {
    async shows(hub) {
      const [first, second] = await publishTwo(hub, [await join(hub), await join(hub)]);
      return first?.length === 0 && second?.length === 2;
    },
  },
  'identity-by-origin': {
    async shows(hub) {
      const tab = { headers: { Origin: 'http://localhost:5173' } };
      const clients = [await join(hub, tab), await join(hub, tab), await join(hub), await join(hub)];
      const received = await publishTwo(hub, clients);
      return received.map((numbers) => numbers.length).join() === '0,2,2,2';
    },
  },
  'id-reused': {
    async shows(hub) {
      const [leaver, ...stayers] = [await join(hub), await join(hub), await join(hub)];
      if (leaver !== undefined) await leave(hub, leaver);
      const received = await publishTwo(hub, [...stayers, await join(hub)]);
      return received.map((numbers) => numbers.length).join() === '2,0,2';
    },
  },
  'tenth-client-mute': {
    async shows(hub) {
      const clients: Witness[] = [];
      for (let index = 0; index < 10; index += 1) clients.push(await join(hub));
      const received = await publishTwo(hub, clients);
      return received.filter((numbers) => numbers.length === 2).length === 9 && received[9]?.length === 0;
    },
  },
  'leave-loses-an-event': {
    async shows(hub) {
      const [leaver, ...stayers] = [await join(hub), await join(hub), await join(hub)];
      if (leaver !== undefined) await leave(hub, leaver);
      const received = await publishTwo(hub, stayers);
      return JSON.stringify(received) === '[[0,1],[1]]';
    },
  },
  'duplicate-after-rejoin': {
    async shows(hub) {
      const first = await join(hub);
      const [once] = await publishTwo(hub, [first]);
      await leave(hub, first);
      const [twice] = await publishTwo(hub, [await join(hub)]);
      return once?.join() === '0,1' && twice?.join().startsWith('0,0,1') === true;
    },
  },
  'history-replay': {
    async shows(hub) {
      const early = await join(hub);
      await publishPaced(hub, early, 8);
      const late = await join(hub);
      await late.until(() => late.texts.length > 0, QUIET_MILLIS);
      return numbersOf(late)[0] === 3;
    },
  },
  'held-for-first-client': {
    async shows(hub) {
      await publish(hub, 0);
      await hub.hub.flushed();
      const first = await join(hub);
      return first.until(() => hasNumber(first, 0), QUIET_MILLIS);
    },
  },
  'nobody-listening-fails': { shows: async (hub) => (await publish(hub, 0)).status === 503 },
  'greets-in-words': {
    async shows(hub) {
      const witness = await join(hub);
      return witness.until(() => witness.texts[0] === 'connected', PRESENCE_MILLIS);
    },
  },
  'id-of-one-byte': {
    async shows(hub) {
      const stayer = await join(hub);
      for (let other = 0; other < 256; other += 16) {
        const others = await Promise.all(Array.from({ length: 16 }, () => join(hub)));
        for (const one of others) one.destroy();
      }
      await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      return !(await stayer.until(() => hasNumber(stayer, 0), 500)) && stayer.ended === undefined;
    },
  },
  'register-starved': {
    async shows(hub) {
      const early = await join(hub);
      let newcomer: Witness | undefined;
      for (let number = 0; number < 200; number += 1) {
        await publishPaced(hub, early, 1, { from: number });
        if (number === 20) newcomer = await join(hub);
        await early.until(() => false, 5);
      }
      return newcomer?.texts.length === 0 && numbersOf(early).length === 200;
    },
  },
  'slow-for-all': {
    async shows(hub) {
      const witness = await join(hub);
      await publish(hub, 0);
      const isQuick = await witness.until(() => hasNumber(witness, 0), 300);
      return !isQuick && (await witness.until(() => hasNumber(witness, 0)));
    },
  },
};

// A hub on which nothing happens, and its clients, which do what they are in the habit of.
import { OPCODE } from '../../../../wire/frame-header.ts';
import { CheckEnded } from '../../../finding.ts';
import type { Lab } from '../../../lab/lab.ts';
import { LATER_MILLIS, SAME_AGE_MILLIS } from '../idle.ts';
import { connectOneOfEach, PING_EVERY_MILLIS, type QuietClient } from './habits.ts';
import { fallAsleep, type Sleeper } from './sleeper.ts';

export interface Death {
  /** In the words of the target. */
  readonly how: string;
  /** When it was known. */
  readonly silentMillis: number;
}

export interface Silence {
  /** Those that were there from the beginning, and those that connected later. */
  readonly clients: readonly QuietClient[];
  /** Messages of each before it had settled in: a hub may greet its clients, which is for other checks. */
  readonly early: ReadonlyMap<QuietClient, number>;
  /** One more, which does not read in the first seconds. */
  readonly sleeper: Sleeper;
  /** Undefined while the hub's process lives. */
  readonly death: Death | undefined;
  /** A reading of the clock. */
  readonly startMicros: number;
  lastsMillis(): number;
  /** Until it has lasted so long, or a client is disconnected. Resolves with that client. */
  listen(isLongEnough: () => boolean): Promise<QuietClient | undefined>;
  /** Until the clients that connected later are as old as this one became: they show whether its age was the reason. */
  outlast(ended: QuietClient): Promise<void>;
}

const TICK_MILLIS = 100;
const SETTLED_MILLIS = LATER_MILLIS + 1_000;

/** One client of each habit has received an event before it, another has not. */
export async function beginSilence(lab: Lab): Promise<Silence> {
  const heard = await connectOneOfEach(lab);
  const listening = heard.map(({ client }) => client);
  await lab.join(listening);
  const sleeper = await fallAsleep(lab, listening);
  const [startMicros, startMillis] = [lab.clock.nowMicros(), lab.elapsedMillis()];
  const clients = [
    ...heard.map((each) => ({ ...each, hasHeard: true, fromMillis: startMillis })),
    ...(await connectOneOfEach(lab)),
  ];
  const early = new Map<QuietClient, number>();
  const lastsMillis = (): number => lab.elapsedMillis() - startMillis;
  let pings = 0;
  let isComplete = false;
  let death: Death | undefined;
  void lab.target.died.then((how) => {
    death = { how, silentMillis: lastsMillis() };
  });

  async function act(): Promise<void> {
    if (!isComplete && lastsMillis() >= LATER_MILLIS) {
      isComplete = true;
      clients.push(...(await connectLater(lab)));
    }
    if (early.size === 0 && lastsMillis() >= SETTLED_MILLIS)
      for (const each of clients) early.set(each, each.client.record.messages);
    if (lastsMillis() < pings * PING_EVERY_MILLIS) return;
    pings++;
    for (const { client, habit } of clients) if (habit.isPinging) client.send(OPCODE.ping, `quiet ${pings}`);
  }

  async function goOn(isOver: () => boolean): Promise<void> {
    while (!isOver() && !lab.signal.aborted) {
      await act();
      await lab.pause(TICK_MILLIS);
    }
  }

  const findEnded = (): QuietClient | undefined => clients.find(({ client }) => client.end !== undefined);

  return {
    clients,
    early,
    sleeper,
    get death() {
      return death;
    },
    startMicros,
    lastsMillis,
    async listen(isLongEnough) {
      await goOn(() => findEnded() !== undefined || isLongEnough());
      return findEnded();
    },
    async outlast({ client: { end }, fromMillis }) {
      const ageMillis = (end?.atMillis ?? 0) - fromMillis;
      const areAsOld = (): boolean =>
        isComplete &&
        clients.every((each) => lab.elapsedMillis() - each.fromMillis > ageMillis + SAME_AGE_MILLIS);
      await goOn(() => areAsOld() || death !== undefined);
    },
  };
}

/** None where the hub lets nobody in any more. */
async function connectLater(lab: Lab): Promise<readonly QuietClient[]> {
  try {
    return await connectOneOfEach(lab);
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    lab.note(`no client could connect later: ${ended.message}`);
    return [];
  }
}

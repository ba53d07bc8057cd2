// Clients that have nothing to do but to wait, each in its own way, and how they connect.
import { createClientHandshake, PLAIN_HANDSHAKE } from '../../../inputs/handshakes/client-handshake.ts';
import type { ConnectOptions, Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';

interface Habit {
  /** Completes "a client that". */
  readonly does: string;
  readonly isPinging: boolean;
  readonly connectAs: (lab: Lab) => ConnectOptions;
}

export interface QuietClient {
  readonly client: LabClient;
  readonly habit: Habit;
  /** Received an event before the silence. */
  readonly hasHeard: boolean;
  /** Since when nothing was sent to it: when the last event had arrived, or when it connected after that. */
  readonly fromMillis: number;
}

export const PING_EVERY_MILLIS = 3_000;

/** That of every client of this protocol; a hub may refuse the others. */
const PLAIN: Habit = { does: 'only listens', isPinging: false, connectAs: () => ({}) };
const OTHERS: readonly Habit[] = [
  { does: `sends a Ping every ${PING_EVERY_MILLIS / 1e3} s`, isPinging: true, connectAs: () => ({}) },
  { does: 'has the headers of a browser', isPinging: false, connectAs: asBrowser },
  { does: 'offers compression', isPinging: false, connectAs: () => ({ offersDeflate: true }) },
];

function asBrowser(lab: Lab): ConnectOptions {
  const choice = { ...PLAIN_HANDSHAKE, client: 'chrome', origin: 'default' };
  return { request: createClientHandshake(lab.connectAs, choice, lab.settings.allowedOrigins) };
}

/** One client of each habit, where the hub lets it in. */
export async function connectOneOfEach(lab: Lab): Promise<readonly QuietClient[]> {
  const clients: QuietClient[] = [];
  const add = (client: LabClient, habit: Habit): void => {
    clients.push({ client, habit, hasHeard: false, fromMillis: lab.elapsedMillis() });
  };
  add(await lab.connect({ keepTexts: 'all' }), PLAIN);
  for (const habit of OTHERS) {
    const dialed = await lab.tryConnect({ ...habit.connectAs(lab), keepTexts: 'all' });
    if (dialed.ok) add(dialed.client, habit);
    else lab.note(`left out: a client that ${habit.does}: ${dialed.problem}`);
  }
  return clients;
}

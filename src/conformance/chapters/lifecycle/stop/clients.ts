// Who is connected when the suite requests a stop: healthy clients, some that are behind, and those that it must not wait for
// without a limit.

import type { Connection } from '../../../../wire/connection.ts';
import { CheckEnded } from '../../../finding.ts';
import { findEventBytes } from '../../../lab/backlog.ts';
import { encodeHandshake } from '../../../lab/handshake-bytes.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { HUGE_EVENT_BYTES, stall } from '../../slow-client/stalled.ts';

export interface StopClients {
  readonly healthy: readonly LabClient[];
  /** Stopped reading, and read on at the request: whatever the hub then sends must not follow its Close. */
  readonly behind: readonly LabClient[];
  /** Sequence numbers of the events that wait in the hub for those that are behind. */
  readonly waiting: readonly number[];
  readonly obstacles: readonly Obstacle[];
}

/** Whom a hub must not wait for without a limit. */
export interface Obstacle {
  /** To follow "it seems to wait for". */
  readonly words: string;
  /** Undefined for a connection without a handshake, on which no Close can come. */
  readonly client?: LabClient;
  /** False: its own end does not show that the hub has closed it. */
  readonly isReading: boolean;
  readonly isOpen: () => boolean;
}

/** Wait in the hub for the client that does not read, and for those that are behind. */
export const WAITING_MESSAGES = 4;
const BEHIND = 3;
/** For a hub to read what there is of a request. */
const HALF_OPEN_MILLIS = 10;

const NOBODY = { behind: [], waiting: [] };

export async function joinHealthy(lab: Lab, count: number): Promise<StopClients> {
  return { healthy: await lab.witnesses(count), obstacles: [], ...NOBODY };
}

/** With `count` healthy clients. */
export async function joinAll(lab: Lab, count: number): Promise<StopClients> {
  const witness = await lab.witness();
  const slow = await lab.witnesses(1 + BEHIND, { window: 'small' });
  const [stalled, ...behind] = slow as [LabClient, ...LabClient[]];
  const unanswering = await lab.connect({ isPolite: false });
  await lab.join([unanswering]);
  const request = encodeHandshake(lab.url).bytes;
  const [half, silent, waiting] = await Promise.all([
    openHalf(lab, request.subarray(0, -4)),
    openHalf(lab, Buffer.alloc(0)),
    fallBehind(lab, slow, witness),
  ]);
  // Only now: what fills the queues of some would be much for all to read.
  const healthy = [witness, ...(await lab.witnesses(count - 1))];
  const obstacles = [
    ofClient(unanswering, `client ${unanswering.name}, which answers no Close`, true),
    ofClient(stalled, `client ${stalled.name}, which does not read`, false),
    { words: 'a connection with half a handshake', isReading: true, isOpen: () => half?.isOpen === true },
    { words: 'a connection without a request', isReading: true, isOpen: () => silent?.isOpen === true },
  ];
  return { healthy, obstacles, ...(waiting === undefined ? NOBODY : { behind, waiting }) };
}

const ofClient = (client: LabClient, words: string, isReading: boolean): Obstacle => ({
  ...{ client, words, isReading },
  isOpen: () => client.isOpen,
});

/** Undefined where the hub ended the connection at once. */
async function openHalf(lab: Lab, bytes: Uint8Array): Promise<Connection | undefined> {
  const exchange = await lab.exchange(bytes, { deadlineMillis: HALF_OPEN_MILLIS });
  return exchange.kind === 'silence' ? exchange.connection : undefined;
}

/**
 * They stop reading with messages queued, whose sequence numbers are the result; on a hub that a client may block, which
 * others judge, they leave instead.
 */
async function fallBehind(
  lab: Lab,
  clients: readonly LabClient[],
  witness: LabClient,
): Promise<readonly number[] | undefined> {
  try {
    const eventBytes = await findEventBytes(lab, HUGE_EVENT_BYTES, [witness, ...clients]);
    const messages = Math.min(WAITING_MESSAGES, lab.settings.clientBufferMessages);
    return (await stall(lab, clients, [witness], eventBytes).fill(messages, 'fewer')).sequences;
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    for (const client of clients) client.destroy();
    lab.note(`no client that does not read takes part: ${ended.message}`);
    return undefined;
  }
}

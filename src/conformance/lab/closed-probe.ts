// Is a client that does not read really disconnected? It cannot see FIN behind what it has not read, but it can write:
// when the hub has released the socket, the kernel answers an unsolicited Pong with RST. A leaked descriptor answers
// nothing. The probe destroys what was not read yet: a client to be drained must be another one.
import { OPCODE } from '../../wire/frame-header.ts';
import type { ClientEnd, LabClient } from './lab-client.ts';

const PROBE_MILLIS = 100;

export type Disconnection =
  | { readonly isClosed: true; readonly afterMillis: number; readonly end: ClientEnd }
  | { readonly isClosed: false; readonly afterMillis: number };

/** Sends a Pong every 100 ms until the connection is over or `deadlineMillis` have passed. */
export async function probeUntilClosed(
  client: LabClient,
  deadlineMillis: number,
  nowMillis: () => number,
): Promise<Disconnection> {
  const startMillis = nowMillis();
  while (client.end === undefined && nowMillis() - startMillis < deadlineMillis) {
    client.send(OPCODE.pong);
    await client.until(() => client.end !== undefined, 'RST for a Pong to a closed socket', PROBE_MILLIS);
  }
  const afterMillis = nowMillis() - startMillis;
  return client.end === undefined
    ? { isClosed: false, afterMillis }
    : { isClosed: true, afterMillis, end: client.end };
}

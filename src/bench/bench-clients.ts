// Clients that the subjects of the benches open: those of the load driver, or `ws` clients to compare with.
import { WebSocket } from 'ws';
import type { Behaviour } from '../client/behaviour.ts';
import { ListeningClient, type ListeningClientOptions } from '../client/listening-client.ts';
import type { Clock } from '../time/clock.ts';
import type { ReadRing } from '../wire/ring/read-ring.ts';
import type { TlsSettings } from '../wire/tls/tls-settings.ts';

/** Of the server in the connect bench, from 127.0.0.1, all with one port: with thousands of clients of one address the kernel's
 * search for a free port would be most of the cost. */
export const SERVER_ADDRESSES = 8;
export const DEADLINE_MILLIS = 30_000;

export interface DriverClientOptions {
  readonly url: string;
  readonly tls?: TlsSettings;
  readonly clock: Clock;
  readonly createReceiver: ListeningClientOptions['createReceiver'];
  /** Default: reads everything at once. */
  readonly behaviour?: Behaviour;
  readonly isProber?: boolean;
  readonly offersDeflate?: boolean;
  readonly ring?: ReadRing | undefined;
}

/** A connected client of the load driver. */
export async function openDriverClient({
  url,
  tls,
  ...options
}: DriverClientOptions): Promise<ListeningClient> {
  const client = new ListeningClient({
    connectAs: { url, tls },
    behaviour: { kind: 'fast' },
    isProber: false,
    deadlineMillis: DEADLINE_MILLIS,
    ...options,
  });
  const opened = await client.open();
  if (!opened.ok) throw new Error(opened.problem);
  return client;
}

/** A connected `ws` client; `onMessage` and `onClose` are its only listeners. */
export async function openWsClient(
  url: string,
  onMessage: () => void,
  onClose: () => void = () => {},
  isCompressed = false,
): Promise<WebSocket> {
  const client = new WebSocket(url, { perMessageDeflate: isCompressed, rejectUnauthorized: false });
  client.on('message', onMessage);
  client.on('close', onClose);
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  return client;
}

/** Opens `count` clients, at most `atATime` of them at once. */
export async function openMany<T>(count: number, atATime: number, openOne: () => Promise<T>): Promise<T[]> {
  const clients: T[] = [];
  while (clients.length < count) {
    const some = Math.min(atATime, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: some }, openOne))));
  }
  return clients;
}

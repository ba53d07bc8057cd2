// How many bytes the kernels hold between a hub and a client that does not read: what the hub has written and nobody
// has taken. Linux shows both ends of a loopback connection, so that what still waits inside the hub can be counted
// whatever the size of windows and messages. Undefined where it cannot be seen: another machine, container or system.
import { readFile } from 'node:fs/promises';

export interface SocketQueues {
  /** Taken from the hub's process and not yet read by this one. */
  readonly heldBytes: number;
  /** Of these what this side's kernel has. */
  readonly unreadBytes: number;
  /** And what the hub's has; undefined once its socket is gone. */
  readonly unsentBytes: number | undefined;
  /** False once the hub's process has closed the socket; what it wrote may still arrive. */
  readonly isHubSideOpen: boolean;
}

interface SocketRow {
  readonly state: string;
  readonly unacknowledgedBytes: number;
  readonly unreadBytes: number;
}

const ESTABLISHED = '01';
const CLOSE_WAIT = '08';

/** For each local port of this process the socket queues of its connection to `hubPort`. */
export async function readSocketQueues(
  localPorts: readonly (number | undefined)[],
  hubPort: number,
): Promise<readonly (SocketQueues | undefined)[]> {
  const holds = await readQueuesOfClients(hubPort);
  return localPorts.map((port) => (port === undefined ? undefined : holds.get(port)));
}

/** The socket queues of all connections that this machine's clients have to `hubPort`, by the clients' ports. */
export async function readQueuesOfClients(hubPort: number): Promise<ReadonlyMap<number, SocketQueues>> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  const rows = parseSocketRows(tables.join(''), hubPort);
  const holds = new Map<number, SocketQueues>();
  for (const [key, own] of rows) {
    const [port, remotePort] = key.split('>').map(Number) as [number, number];
    // Without a row of the client's own the table is not about this connection; the hub's row disappears when the hub has closed the socket.
    if (remotePort !== hubPort) continue;
    const hubs = rows.get(`${hubPort}>${port}`);
    holds.set(port, {
      heldBytes: own.unreadBytes + (hubs?.unacknowledgedBytes ?? 0),
      unreadBytes: own.unreadBytes,
      unsentBytes: hubs?.unacknowledgedBytes,
      isHubSideOpen: hubs?.state === ESTABLISHED || hubs?.state === CLOSE_WAIT,
    });
  }
  return holds;
}

/** Rows of `/proc/net/tcp` that touch the port, by `localPort>remotePort`. */
export function parseSocketRows(table: string, port: number): ReadonlyMap<string, SocketRow> {
  const rows = new Map<string, SocketRow>();
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (const line of table.split('\n')) {
    if (!line.includes(wanted)) continue;
    const [, local = '', remote = '', state = '', queues = ''] = line.trim().split(/\s+/);
    const [unacknowledged = '0', unread = '0'] = queues.split(':');
    rows.set(`${portOf(local)}>${portOf(remote)}`, {
      state,
      unacknowledgedBytes: Number.parseInt(unacknowledged, 16),
      unreadBytes: Number.parseInt(unread, 16),
    });
  }
  return rows;
}

const portOf = (address: string): number => Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return '';
  }
}

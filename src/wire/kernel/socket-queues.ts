// How many bytes the kernels hold between a hub and a client that does not read: what the hub has written and nobody
// has taken. Linux shows both ends of a loopback connection, so that what still waits inside the hub can be counted
// whatever the size of windows and messages. Undefined where it cannot be seen: another machine, container or system, and
// Unix sockets, of whose queues no table tells.
import { readFile } from 'node:fs/promises';
import { portOf } from '../hub-address.ts';
import { bindSocketCalls } from './socket-calls.ts';
import { readTableEnd, remotePortOf, reversed, type SocketEnds } from './socket-ends.ts';
import { LookupError, openSocketLookup, type SocketLookup, type SocketRow } from './socket-lookup.ts';

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

const ESTABLISHED = '01';
const CLOSE_WAIT = '08';

/** For each connection of this process to one of the hubs its socket queues. */
export async function readSocketQueues(
  connections: readonly (SocketEnds | undefined)[],
  hubUrls: readonly string[],
): Promise<readonly (SocketQueues | undefined)[]> {
  const found = lookUpQueues(connections, hubUrls);
  if (found !== undefined) return found;
  const queues = await readQueuesOfClients(hubUrls);
  return connections.map((ends) => (ends === undefined ? undefined : queues.get(ends)));
}

/** One by one, where the kernel answers that; more are found faster in its tables. */
const MOST_LOOKED_UP = 64;

function lookUpQueues(
  connections: readonly (SocketEnds | undefined)[],
  hubUrls: readonly string[],
): readonly (SocketQueues | undefined)[] | undefined {
  const calls = connections.length > MOST_LOOKED_UP ? undefined : bindSocketCalls();
  const lookup = calls && openSocketLookup(calls);
  if (lookup === undefined) return undefined;
  const ports = new Set(hubUrls.flatMap((url) => portOf(url) ?? []));
  try {
    return connections.map((ends) =>
      ends === undefined || !ports.has(remotePortOf(ends)) ? undefined : lookUp(lookup, ends),
    );
  } catch (error) {
    if (error instanceof LookupError) return undefined;
    throw error;
  } finally {
    lookup.close();
  }
}

/** The hub's side first: what arrives between the two questions is held at any rate. */
function lookUp(lookup: SocketLookup, ends: SocketEnds): SocketQueues {
  const hubs = lookup.find(reversed(ends));
  const own = lookup.find(ends);
  // Only a kernel that knows one side can be believed about the other.
  if (own === undefined) throw new LookupError(`nothing about ${ends}`);
  return queuesOf(own, hubs);
}

/** The socket queues of all connections that this machine's clients have to ports of these hubs. */
export async function readQueuesOfClients(
  hubUrls: readonly string[],
): Promise<ReadonlyMap<SocketEnds, SocketQueues>> {
  const ports = new Set(hubUrls.flatMap((url) => portOf(url) ?? []));
  const queues = new Map<SocketEnds, SocketQueues>();
  if (ports.size === 0) return queues;
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  const rows = parseSocketRows(tables.join(''), [...ports]);
  for (const [ends, own] of rows) {
    // Without a row of the client's own the table is not about this connection; the hub's row disappears when the hub has closed the socket.
    if (!ports.has(remotePortOf(ends))) continue;
    queues.set(ends, queuesOf(own, rows.get(reversed(ends))));
  }
  return queues;
}

function queuesOf(own: SocketRow, hubs: SocketRow | undefined): SocketQueues {
  return {
    heldBytes: own.unreadBytes + (hubs?.unacknowledgedBytes ?? 0),
    unreadBytes: own.unreadBytes,
    unsentBytes: hubs?.unacknowledgedBytes,
    isHubSideOpen: hubs?.state === ESTABLISHED || hubs?.state === CLOSE_WAIT,
  };
}

/** Rows of `/proc/net/tcp` and `tcp6` that touch one of the ports. */
export function parseSocketRows(table: string, ports: readonly number[]): ReadonlyMap<SocketEnds, SocketRow> {
  const rows = new Map<SocketEnds, SocketRow>();
  const wanted = ports.map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')} `);
  for (const line of table.split('\n')) {
    if (!wanted.some((text) => line.includes(text))) continue;
    const [, local = '', remote = '', state = '', queues = ''] = line.trim().split(/\s+/);
    const [unacknowledged = '0', unread = '0'] = queues.split(':');
    rows.set(`${readTableEnd(local)}>${readTableEnd(remote)}`, {
      state,
      unacknowledgedBytes: Number.parseInt(unacknowledged, 16),
      unreadBytes: Number.parseInt(unread, 16),
    });
  }
  return rows;
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return '';
  }
}

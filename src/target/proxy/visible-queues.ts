// The socket queues of a hub's connections, where they tell of the hub: behind a proxy they are the proxy's.
import type { SocketEnds } from '../../wire/kernel/socket-ends.ts';
import { readSocketQueues, type SocketQueues } from '../../wire/kernel/socket-queues.ts';
import type { Target } from '../target.ts';

type Place = Pick<Target, 'url' | 'proxy'>;

/** Where the kernels' tables tell of hubs. */
export const visibleUrls = (targets: readonly Place[]): string[] =>
  targets.flatMap(({ url, proxy }) => (proxy === undefined ? [url] : []));

/** Of these connections; undefined where they cannot be seen. */
export async function readQueuesOf(
  { url, proxy }: Place,
  connections: readonly (SocketEnds | undefined)[],
): Promise<readonly (SocketQueues | undefined)[]> {
  return proxy === undefined ? readSocketQueues(connections, [url]) : connections.map(() => undefined);
}

// The stalled clients during pressure: whose sockets the hub has closed, and how much waits in the hub for the others. From the
// kernels' tables, as these clients read nothing; where there are none, liveness probes show half of the closed sockets, and
// behind a proxy, which keeps sockets open that the hub has closed, the hub's own count of clients does.
import { stepsOf } from '../../../client/behaviour.ts';
import { evictedNames } from '../../plan/plan.ts';
import type { StalledClient } from '../../worker/worker-messages.ts';
import type { RunContext } from '../run-context.ts';
import type { QueuedInHub } from './pressure-steps.ts';

/** Clients whose queues are computed, at most. */
const MAX_SAMPLED = 200;

export function createStalledWatch({
  plan,
  progress,
  pool,
  watch,
  publisher,
  target,
}: Pick<RunContext, 'plan' | 'progress' | 'pool' | 'watch' | 'publisher' | 'target'>) {
  const names = evictedNames(plan);
  const others = plan.cohorts.map(({ name }) => name).filter((name) => !names.includes(name));
  const probing = plan.cohorts.filter(({ behaviour }) => stepsOf(behaviour).at(-1)?.reading.kind === 'stall');
  const probers = () =>
    probing.reduce((total, { name, clients }) => total + Math.floor(clients / 2) - pool.lostProbers(name), 0);
  const { log } = publisher;
  let hasTables = false;
  /** As the hub counts them, where only it can tell. */
  let hubsClients: number | undefined;
  let isCounting = false;
  const seen = () =>
    pool
      .stalled()
      .map((client) => ({ client, queues: watch.queuesOf(client.socketEnds, client.stalledAtMicros) }));

  /** Behind a proxy, by the hub's own count; a hub without one has had enough time once enough `isSent`. */
  function areAllGone(isSent: boolean): boolean {
    if (!target.abilities.stats) return isSent;
    void countClients();
    return hubsClients !== undefined && hubsClients <= progress.sum(others, 'open');
  }

  async function countClients(): Promise<void> {
    if (isCounting) return;
    isCounting = true;
    hubsClients = (await target.stats().catch(() => undefined))?.clients;
    isCounting = false;
  }

  function queuedFor({ nextSequence, stalledAtMicros }: StalledClient, heldBytes: number): QueuedInHub {
    const first = nextSequence ?? log.acceptedUntil(stalledAtMicros);
    const queuedFrom = first + log.eventsWithin(first, heldBytes);
    const end = publisher.acceptedEvents;
    return { messages: Math.max(0, end - queuedFrom), bytes: log.bytesBetween(queuedFrom, end) };
  }

  return {
    async look(): Promise<void> {
      await watch.readQueues();
      hasTables ||= seen().some(({ queues }) => queues !== undefined);
    },
    /** Has the hub closed all their sockets? Without tables probes answer for all, once enough `isSent` for others. */
    areAllClosed(isSent: boolean): boolean {
      // After the end of the hub's process, for one.
      if (progress.sum(names, 'open') === 0) return true;
      if (target.proxy !== undefined) return areAllGone(isSent);
      if (!hasTables)
        return probing.some(({ clients }) => clients > 1)
          ? progress.sum(
              probing.map(({ name }) => name),
              'evicted',
            ) >= probers()
          : isSent;
      const closed = seen().filter(({ queues }) => queues?.closedAtMicros !== undefined).length;
      return progress.sum(names, 'open') <= closed;
    },
    /** Of the client for which least waits; undefined where the tables show none. */
    leastQueued(): QueuedInHub | undefined {
      const open = seen().flatMap(({ client, queues }) =>
        queues === undefined || queues.closedAtMicros !== undefined ? [] : [{ client, queues }],
      );
      if (open.length === 0) return hasTables ? { messages: 0, bytes: 0 } : undefined;
      return open
        .slice(0, MAX_SAMPLED)
        .map(({ client, queues }) => queuedFor(client, queues.lastQueues.heldBytes))
        .reduce((least, one) => (one.messages < least.messages ? one : least));
    },
  };
}

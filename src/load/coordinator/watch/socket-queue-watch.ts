// The socket queues of the hub's connections while a run goes on: how much the kernels hold for each client, and when the
// hub closed its side. Read from the kernel alone, because a client that sends probes makes the hub's kernel take more
// than it would for one that hangs.
import type { Clock } from '../../../time/clock.ts';
import type { SocketEnds } from '../../../wire/kernel/socket-ends.ts';
import { readQueuesOfClients, type SocketQueues } from '../../../wire/kernel/socket-queues.ts';

/** Microseconds of the machine's clock. */
export interface ObservedQueues {
  /** When the hub's process closed its side, within half the time between two readings; undefined: not seen. */
  readonly closedAtMicros: number | undefined;
  /** The last reading before that, and its time. */
  readonly lastQueues: SocketQueues;
  readonly openAtMicros: number;
}

export interface SocketQueueWatch {
  /** Reads the queues if it is time. */
  look(): void;
  /** Reads them now. */
  lookNow(): Promise<void>;
  /** Reads them a last time: from now on clients read, and what closes then says nothing of a client that does not. */
  end(): Promise<void>;
  /** Of the client whose connection had these ends at that time: later ones may have the same port. */
  queuesOf(socketEnds: SocketEnds, atMicros: number): ObservedQueues | undefined;
}

/** With the same ends, so that memory is bounded in a run of days. */
const MOST_EARLIER_CLIENTS = 8;
const LOOK_MICROS = 250_000;
/** Thousands of connections take milliseconds to read: no more than this share of the time goes into it. */
const MOST_SHARE = 0.02;

export interface SocketQueueWatchParts {
  readonly hubUrls: () => readonly string[];
  readonly clock: Clock;
  readonly read?: (hubUrls: readonly string[]) => Promise<ReadonlyMap<SocketEnds, SocketQueues>>;
}

export function createSocketQueueWatch({
  hubUrls,
  clock,
  read = readQueuesOfClients,
}: SocketQueueWatchParts): SocketQueueWatch {
  /** One after the other: ends that are free again belong to another client. */
  const observed = new Map<SocketEnds, readonly ObservedQueues[]>();
  let reading: Promise<void> | undefined;
  let hasEnded = false;
  let lastLookMicros = Number.NEGATIVE_INFINITY;
  let waitMicros = LOOK_MICROS;

  async function readQueues(): Promise<void> {
    const previousMicros = lastLookMicros;
    lastLookMicros = clock.nowMicros();
    const queues = await read(hubUrls());
    note(queues, Math.max(previousMicros, 0), lastLookMicros);
    waitMicros = Math.max(LOOK_MICROS, (clock.nowMicros() - lastLookMicros) / MOST_SHARE);
  }

  function note(
    queues: ReadonlyMap<SocketEnds, SocketQueues>,
    previousMicros: number,
    nowMicros: number,
  ): void {
    const closedAtMicros = (previousMicros + nowMicros) / 2;
    for (const [ends, clients] of observed) {
      const last = clients.at(-1) as ObservedQueues;
      if (last.closedAtMicros !== undefined || queues.get(ends)?.isHubSideOpen) continue;
      observed.set(ends, clients.with(-1, { ...last, closedAtMicros }));
    }
    for (const [ends, lastQueues] of queues)
      if (lastQueues.isHubSideOpen)
        observed.set(ends, [
          ...earlierClients(observed.get(ends)),
          { closedAtMicros: undefined, lastQueues, openAtMicros: nowMicros },
        ]);
  }

  /** After the reading under way, whose queues may be from before the call. */
  async function lookNow(): Promise<void> {
    await reading;
    if (hasEnded) return;
    // What cannot be read now is tried again at the next call.
    reading = readQueues()
      .catch(() => {})
      .finally(() => {
        reading = undefined;
      });
    await reading;
  }

  return {
    look() {
      if (reading === undefined && clock.nowMicros() >= lastLookMicros + waitMicros) void lookNow();
    },
    lookNow,
    async end() {
      await lookNow();
      hasEnded = true;
    },
    queuesOf: (socketEnds, atMicros) =>
      observed
        .get(socketEnds)
        ?.find(({ closedAtMicros = Number.POSITIVE_INFINITY }) => closedAtMicros > atMicros),
  };
}

/** Of those that had the same ends before, the ones that did not read are asked for at the end. */
function earlierClients(clients: readonly ObservedQueues[] = []): readonly ObservedQueues[] {
  return clients
    .filter(({ closedAtMicros, lastQueues }) => closedAtMicros !== undefined && lastQueues.heldBytes > 0)
    .slice(-MOST_EARLIER_CLIENTS);
}

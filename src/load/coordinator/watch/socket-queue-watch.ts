// The socket queues of the hub's connections while a run goes on: how much the kernels hold for each client, and when the
// hub closed its side. Read from the kernel alone, because a client that sends probes makes the hub's kernel take more
// than it would for one that hangs.
import type { Clock } from '../../../time/clock.ts';
import { readQueuesOfClients, type SocketQueues } from '../../../wire/socket-queues.ts';

/** Microseconds of the machine's clock. */
export interface ObservedQueues {
  /** When the hub's process closed its side, within half the time between two readings; undefined: not seen. */
  readonly closedAtMicros: number | undefined;
  /** At the last reading before that. */
  readonly lastQueues: SocketQueues;
}

export interface SocketQueueWatch {
  /** Reads the queues if it is time. */
  look(): void;
  /** By the client's port. */
  queuesOf(localPort: number): ObservedQueues | undefined;
}

const LOOK_MICROS = 1e6;
/** Thousands of connections take milliseconds to read: no more than this share of the time goes into it. */
const MOST_SHARE = 0.02;

export interface SocketQueueWatchParts {
  readonly hubUrl: string;
  readonly clock: Clock;
  readonly read?: (hubPort: number) => Promise<ReadonlyMap<number, SocketQueues>>;
}

export function createSocketQueueWatch({
  hubUrl,
  clock,
  read = readQueuesOfClients,
}: SocketQueueWatchParts): SocketQueueWatch {
  const hubPort = Number(new URL(hubUrl).port || 80);
  const observed = new Map<number, ObservedQueues>();
  let isReading = false;
  let lastLookMicros = Number.NEGATIVE_INFINITY;
  let waitMicros = LOOK_MICROS;

  async function lookNow(): Promise<void> {
    const previousMicros = lastLookMicros;
    lastLookMicros = clock.nowMicros();
    const queues = await read(hubPort);
    note(queues, Math.max(previousMicros, 0), lastLookMicros);
    waitMicros = Math.max(LOOK_MICROS, (clock.nowMicros() - lastLookMicros) / MOST_SHARE);
  }

  function note(queues: ReadonlyMap<number, SocketQueues>, previousMicros: number, nowMicros: number): void {
    const closedAtMicros = (previousMicros + nowMicros) / 2;
    for (const [port, known] of observed) {
      if (known.closedAtMicros !== undefined || queues.get(port)?.isHubSideOpen) continue;
      observed.set(port, { ...known, closedAtMicros });
    }
    for (const [port, lastQueues] of queues) {
      // A port whose hub side is open again belongs to another client.
      if (lastQueues.isHubSideOpen) observed.set(port, { closedAtMicros: undefined, lastQueues });
    }
  }

  return {
    look() {
      if (isReading || clock.nowMicros() < lastLookMicros + waitMicros) return;
      isReading = true;
      // What cannot be read now is tried again at the next call.
      void lookNow()
        .catch(() => {})
        .finally(() => {
          isReading = false;
        });
    },
    queuesOf: (localPort) => observed.get(localPort),
  };
}

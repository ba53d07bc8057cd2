// What the kernel tells of the hub's connections while a run goes on: how much it holds for each client, and when the hub
// let go of it. Nothing is sent for it: a client that asks by sending makes the hub's kernel take more than it would
// for one that hangs.
import type { Clock } from '../../time/clock.ts';
import { readQueuesOfClients, type SocketQueues } from '../../wire/socket-queues.ts';

/** Microseconds of the machine's clock. */
export interface HoldFate {
  /** When the hub's process closed its side, to about half the time between two looks; undefined: it never was seen to. */
  readonly releasedAtMicros: number | undefined;
  /** At the last look before that. */
  readonly lastHold: SocketQueues;
}

export interface HoldWatch {
  /** Looks, if it is time. */
  look(): void;
  /** By the client's port. */
  fateOf(localPort: number): HoldFate | undefined;
}

const LOOK_MICROS = 1e6;
/** Thousands of connections take milliseconds to read: no more than this share of the time goes into it. */
const MOST_SHARE = 0.02;

export interface HoldWatchParts {
  readonly hubUrl: string;
  readonly clock: Clock;
  readonly read?: (hubPort: number) => Promise<ReadonlyMap<number, SocketQueues>>;
}

export function createHoldWatch({ hubUrl, clock, read = readQueuesOfClients }: HoldWatchParts): HoldWatch {
  const hubPort = Number(new URL(hubUrl).port || 80);
  const fates = new Map<number, HoldFate>();
  let isReading = false;
  let lastLookMicros = Number.NEGATIVE_INFINITY;
  let waitMicros = LOOK_MICROS;

  async function lookNow(): Promise<void> {
    const previousMicros = lastLookMicros;
    lastLookMicros = clock.nowMicros();
    const holds = await read(hubPort);
    note(holds, Math.max(previousMicros, 0), lastLookMicros);
    waitMicros = Math.max(LOOK_MICROS, (clock.nowMicros() - lastLookMicros) / MOST_SHARE);
  }

  function note(holds: ReadonlyMap<number, SocketQueues>, previousMicros: number, nowMicros: number): void {
    const releasedAtMicros = (previousMicros + nowMicros) / 2;
    for (const [port, fate] of fates) {
      if (fate.releasedAtMicros !== undefined || holds.get(port)?.isHubSideOpen) continue;
      fates.set(port, { ...fate, releasedAtMicros });
    }
    for (const [port, lastHold] of holds) {
      // A port whose hub side is open again belongs to another client.
      if (lastHold.isHubSideOpen) fates.set(port, { releasedAtMicros: undefined, lastHold });
    }
  }

  return {
    look() {
      if (isReading || clock.nowMicros() < lastLookMicros + waitMicros) return;
      isReading = true;
      // What cannot be read now is tried again at the next look.
      void lookNow()
        .catch(() => {})
        .finally(() => {
          isReading = false;
        });
    },
    fateOf: (localPort) => fates.get(localPort),
  };
}

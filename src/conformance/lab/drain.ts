// Reads out what a stalled client was left with, and tells what it is: a contiguous prefix of the series and then an
// end, or something with a hole in it.
import type { Fault } from '../../session/recorded.ts';
import type { ClientEnd, LabClient } from './lab-client.ts';

export interface Drained {
  /** The events in order of arrival, those read before the stall included. */
  readonly sequences: readonly number[];
  /** Where the order is not one after the other: `#65 after #63`. Undefined for a contiguous run. */
  readonly firstGap: string | undefined;
  readonly changed: readonly number[];
  readonly faults: readonly Fault[];
  /** Undefined: still connected when the reading ended. */
  readonly end: ClientEnd | undefined;
  readonly closeCode: number | undefined;
  /** The hub said goodbye, and went on sending. */
  readonly hasDataAfterClose: boolean;
  /** The stream ends inside a frame, and the last bytes of its payload are not its own padding: something was written into it. */
  readonly hasBytesAfterTorn: boolean;
}

const [PADDING, QUOTE] = [0x78, 0x22]; // x "
const PADDING_RUN_BYTES = 32;

export interface DrainOptions {
  readonly lastSequence?: number;
  /** Events in the order in which the hub sent them to others, where it is not that of their numbers. */
  readonly order?: readonly number[];
}

/**
 * Reads on and resolves when the connection is over, when event `lastSequence` has come, or when nothing more
 * comes for as long as a check waits. Judging `hasBytesAfterTorn` needs events with padding.
 */
export async function drain(
  client: LabClient,
  { lastSequence, order = [] }: DrainOptions = {},
): Promise<Drained> {
  const isDone = (): boolean =>
    client.end !== undefined ||
    (lastSequence !== undefined && client.record.sequences.at(-1) === lastSequence);
  const hasFault = (): boolean => client.record.faults.length > 0;
  client.readOn();
  const isOver = (): boolean => isDone() || hasFault();
  for (let seenBytes = -1; !isOver() && client.bytesRead !== seenBytes; ) {
    seenBytes = client.bytesRead;
    await client.until(isOver, 'the end of what a stalled client was left with');
  }
  // After a fault the last event may never be understood: until nothing comes any more.
  for (let seenBytes = -1; hasFault() && !isDone() && client.bytesRead !== seenBytes; ) {
    seenBytes = client.bytesRead;
    await client.until(isDone, 'what follows a fault');
  }
  const { record, end } = client;
  return {
    sequences: [...record.sequences],
    firstGap: findGap(record.sequences, order),
    changed: record.deliveries.filter((event) => !event.isIntact).map((event) => event.sequence),
    faults: record.faults,
    end,
    closeCode: record.closes[0]?.code,
    hasDataAfterClose: record.hasDataAfterClose,
    hasBytesAfterTorn: end?.isTorn === true && leavesPadding(record.tailBytes),
  };
}

/** The first place where a sequence does not follow its predecessor. */
export function findGap(sequences: readonly number[], order: readonly number[]): string | undefined {
  const next = new Map(order.map((sequence, at) => [sequence, order[at + 1]]));
  for (let at = 1; at < sequences.length; at++) {
    const [before, after] = [sequences[at - 1] as number, sequences[at] as number];
    if (after !== (next.get(before) ?? before + 1)) return `#${after} after #${before}`;
  }
  return undefined;
}

/** Whether a run of padding is followed by something that JSON would not put there. */
function leavesPadding(tail: Uint8Array): boolean {
  let run = 0;
  let leaves = false;
  for (const byte of tail) {
    if (byte !== PADDING && run >= PADDING_RUN_BYTES) leaves = byte !== QUOTE;
    run = byte === PADDING ? run + 1 : 0;
  }
  return leaves;
}

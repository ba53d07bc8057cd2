// The steps that symptoms are made of: connect, publish at the pace of a reader, overflow a stalled client exactly, and
// test whether a socket is really closed.

import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import { buildNumberedText, readNumber } from '../builders/envelope-builder.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import { postEvents } from '../peers/post-events.ts';
import { openWitness, type Witness, type WitnessOptions } from '../peers/witness-client.ts';

/** Larger than the kernel buffers of a stalled client, so that messages queued in the hub can be counted. */
export const HUGE_BYTES = hasSmallWindow() ? 262_144 : 4 * 1_048_576;
/** A small buffer makes an overflow cheap: 1 in flight and 4 queued survive, one more evicts. */
export const SMALL_BUFFER = { clientBufferMessages: 4, evictionGraceMillis: 100 } as const;
/** How long to wait where the absence of something is the defect; long enough on a busy machine. */
export const ABSENCE_MILLIS = 1_500;
export const PRESENCE_MILLIS = 10_000;
/** How long the answer to a Ping may take. */
export const ANSWER_MILLIS = 800;
/** Published to overflow a stalled client of `SMALL_BUFFER`, with two to spare. */
export const OVERFLOWING = 8;

/** Connects; throws without a 101. */
export async function join(hub: RunningHub, options: WitnessOptions = {}): Promise<Witness> {
  const witness = await openWitness(hub.url, options);
  if (witness.response?.status !== 101) throw new Error(`no 101 but ${witness.response?.head ?? 'nothing'}`);
  return witness;
}

/** Connects and stops reading. */
export async function joinStalled(hub: RunningHub): Promise<Witness> {
  const witness = await join(hub, { hasSmallWindow: true });
  witness.pause();
  return witness;
}

export function numbersOf(witness: Witness): number[] {
  return witness.texts.map(readNumber).filter((number) => number !== undefined);
}

export interface Pace {
  readonly from?: number;
  readonly bytes?: number;
  readonly batch?: number;
  /** How long an event may take to reach the reader before it counts as lost. */
  readonly deadlineMillis?: number;
}

/**
 * Publishes `count` numbered events, never more than a batch ahead of `reader`. Stops at the first batch whose last
 * event does not reach the reader in time. Resolves with whether all batches did.
 */
export async function publishPaced(
  hub: RunningHub,
  reader: Witness,
  count: number,
  pace: Pace = {},
): Promise<boolean> {
  const { from = 0, bytes = 0, batch = 1, deadlineMillis = ABSENCE_MILLIS } = pace;
  for (let first = from; first < from + count; first += batch) {
    const last = Math.min(first + batch, from + count) - 1;
    const texts = Array.from({ length: last - first + 1 }, (_, index) =>
      buildNumberedText(first + index, bytes),
    );
    const answer = await postEvents(hub.broadcastUrl, texts, { deadlineMillis });
    if (answer.status !== 202) return false;
    const arrived = await reader.until(() => hasNumber(reader, last), deadlineMillis);
    if (!arrived) return false;
  }
  return true;
}

export function hasNumber(witness: Witness, number: number): boolean {
  return witness.texts.some((text) => readNumber(text) === number);
}

/** Publishes numbered events one by one, each larger than the kernel buffers, without waiting for a reader. */
export async function publishHuge(hub: RunningHub, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1)
    await postEvents(hub.broadcastUrl, [buildNumberedText(number, HUGE_BYTES)]);
}

/** Fills the queue of every stalled client of a `SMALL_BUFFER` hub until it overflows, at the reader's pace. */
export function overflow(
  hub: RunningHub,
  reader: Witness,
  deadlineMillis = ABSENCE_MILLIS,
): Promise<boolean> {
  return publishPaced(hub, reader, OVERFLOWING, { bytes: HUGE_BYTES, deadlineMillis });
}

/** Whether the hub closed the socket of a client that does not read: its kernel then answers a Pong with RST. */
export async function isReallyClosed(stalled: Witness, deadlineMillis = 3_000): Promise<boolean> {
  const probing = setInterval(() => stalled.send(0x0a), 50);
  await stalled.until(() => false, deadlineMillis);
  clearInterval(probing);
  return stalled.ended !== undefined;
}

/** The payloads of the pongs that came. */
export function pongsOf(witness: Witness): string[] {
  return witness.frames.filter((frame) => frame.opcode === 10).map((frame) => frame.payload.toString());
}

/** Sends a Ping and waits for its answer, whatever else comes first. */
export async function answersPing(witness: Witness): Promise<boolean> {
  witness.send(9, 'alive?');
  return witness.until(() => pongsOf(witness).includes('alive?'), ANSWER_MILLIS);
}

/** Disconnects, and waits until the hub has noticed. */
export async function leave(hub: RunningHub, witness: Witness): Promise<void> {
  const remaining = hub.hub.connections.size - 1;
  witness.destroy();
  for (let look = 0; look < 500 && hub.hub.connections.size > remaining; look += 1)
    await new Promise((resume) => setTimeout(resume, 5));
}

/** The hub's own counters. */
export async function readStats(hub: RunningHub): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(new URL('/stats', hub.broadcastUrl));
  return (await answer.json()) as Record<string, unknown>;
}

/** Whether the numbers are 0, 1, 2 … without a gap, whatever the length. */
export function isPrefix(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number === index);
}

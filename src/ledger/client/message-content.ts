// What a message holds that is not equal to the log: one event, several in one message, or no JSON at all. A pure
// function of its bytes; it runs only on such messages, so it may allocate.
import { isUtf8 } from 'node:buffer';
import { type EventReading, readEvent } from '../events/event-reading.ts';
import { arrayElements, splitJson } from '../events/split-json.ts';
import type { StreamFault } from './stream-faults.ts';

export interface MessagePart {
  readonly reading: EventReading;
  readonly text: string;
  readonly bytes: Buffer;
}

export interface MessageContent {
  /** What is wrong with the message as a whole. */
  readonly fault: StreamFault | undefined;
  readonly text: string;
  /** One part for a correct message, none when nothing in it can be read. */
  readonly parts: readonly MessagePart[];
}

/** After so many messages that a client had judged singly, those that do not name the run are no longer read. */
const MAX_READ_MESSAGES = 1_000;

/** A hub may send thousands of messages a second that nobody published; reading each would cost the run. */
export function isPartOfFlood(judgedSingly: number, payload: Buffer, runId: string): boolean {
  return judgedSingly > MAX_READ_MESSAGES && !payload.includes(runId);
}

export function readMessage(payload: Buffer, runId: string): MessageContent {
  if (!isUtf8(payload)) return { fault: 'invalid-utf8', text: payload.toString('latin1'), parts: [] };
  const text = payload.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const pieces = splitJson(text);
    return pieces === undefined ? { fault: 'not-json', text, parts: [] } : many(text, pieces, runId);
  }
  const elements = arrayElements(value);
  if (elements !== undefined) return many(text, elements, runId);
  return { fault: undefined, text, parts: [{ reading: readEvent(value, runId), text, bytes: payload }] };
}

function many(text: string, pieces: readonly string[], runId: string): MessageContent {
  const parts = pieces.map((piece) => ({
    reading: readEvent(JSON.parse(piece), runId),
    text: piece,
    bytes: Buffer.from(piece),
  }));
  return { fault: 'many-in-one', text, parts };
}

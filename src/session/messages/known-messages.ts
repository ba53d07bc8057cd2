// What the messages of a series say, each read once: the clients of a check receive the same bytes, and comparing these costs
// far less than parsing them again. Bounded; what was forgotten is read again.
import { parseJson } from '../../files/json-text.ts';
import { splitMessage } from '../../ledger/events/split-json.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { parseEnvelope, validateEnvelope } from '../../protocol/envelope-validation.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { describeWireFrame, type WireFrame } from '../wire-frame.ts';

export interface KnownEvent<Read> {
  readonly kind: 'event';
  readonly type: string;
  readonly reading: Read;
}

type Said<Read> =
  | KnownEvent<Read>
  /** Several objects in one message, each as its JSON text. */
  | { readonly kind: 'merged'; readonly pieces: readonly string[] }
  | { readonly kind: 'fault'; readonly fault: 'json' | 'envelope'; readonly problem: string };

export type KnownMessage<Read> = Said<Read> & {
  /** As it is on the wire in one frame. */
  frame(): WireFrame;
};

export interface KnownMessages<Read> {
  /** The payload, which must be UTF-8, is kept: its bytes must not change. */
  read(payload: Buffer): KnownMessage<Read>;
}

/** A full buffer of the largest events that checks send many of. */
const KEPT_BYTES = 24 * 1024 * 1024;
const KEPT_MESSAGES = 4_096;
/** The number of an event is in them, unless a hub writes long fields first. */
const KEY_BYTES = 192;

export function createKnownMessages<Read>(readEnvelope: (envelope: Envelope) => Read): KnownMessages<Read> {
  const known = new Map<string, KnownMessage<Read> & { readonly payload: Buffer }>();
  let keptBytes = 0;

  function forget(key: string): void {
    keptBytes -= known.get(key)?.payload.length ?? 0;
    known.delete(key);
  }

  return {
    read(payload) {
      const key = `${payload.length} ${payload.toString('latin1', 0, KEY_BYTES)}`;
      const earlier = known.get(key);
      if (earlier?.payload.equals(payload)) return earlier;
      forget(key);
      let frame: WireFrame | undefined;
      const message = {
        payload,
        ...readMessage(payload.toString('utf8'), readEnvelope),
        frame() {
          frame ??= describeText(payload);
          return frame;
        },
      };
      known.set(key, message);
      keptBytes += payload.length;
      for (const [oldest] of known) {
        if (keptBytes <= KEPT_BYTES && known.size <= KEPT_MESSAGES) break;
        forget(oldest);
      }
      return message;
    },
  };
}

function readMessage<Read>(text: string, readEnvelope: (envelope: Envelope) => Read): Said<Read> {
  const value = parseJson(text);
  const isOneValue = value !== undefined && !Array.isArray(value);
  const pieces = isOneValue ? undefined : splitMessage(text);
  if (pieces !== undefined) return { kind: 'merged', pieces };
  const verdict = isOneValue ? validateEnvelope(value) : parseEnvelope(text);
  if (verdict.ok) {
    const { envelope } = verdict;
    return { kind: 'event', type: envelope.type, reading: readEnvelope(envelope) };
  }
  const { problem } = verdict;
  return { kind: 'fault', fault: problem.startsWith('not one JSON') ? 'json' : 'envelope', problem };
}

const describeText = (payload: Buffer): WireFrame =>
  describeWireFrame({ opcode: OPCODE.text, isFinal: true, isMasked: false, reservedBits: 0 }, payload);

// The bytes that a hub sends to one client, right or wrong, together with the facts about them: generators for the
// properties of the ledger. The facts come from the generator, so nothing here parses a frame.
import fc from 'fast-check';
import type { StreamFault } from '../../ledger/client/stream-faults.ts';
import { stampEvent } from '../../protocol/content-check.ts';

export const SIMULATED_RUN = 'run1';

/** A piece of a stream and what is true once its last byte is there. */
export interface StreamPiece {
  readonly bytes: Buffer;
  /** Sequences of events that arrive, in order. */
  readonly sequences: readonly number[];
  readonly messages: number;
  readonly corrupted: number;
  readonly foreign: number;
  readonly faults: readonly StreamFault[];
}

export interface StreamStep {
  readonly sequence: number;
  readonly manner: Manner;
  readonly payloadCharacters: number;
}

const MANNERS = [
  'plain',
  'plain',
  'plain',
  'plain',
  'plain',
  'plain',
  'dropped',
  'double',
  'altered',
  'garbled',
  'not-json',
  'not-utf8',
  'fragmented',
  'coalesced',
  'array',
  'reordered-fields',
  'long-header',
  'masked',
  'binary',
  'reserved-bit',
  'bad-opcode',
  'foreign',
  'unstamped',
  'ping',
  'ping-inside',
  'interrupted',
] as const;
type Manner = (typeof MANNERS)[number];

/** The due time of every simulated event. */
export function dueMicrosOf(sequence: number): number {
  return 1_000 + 7 * sequence;
}

function envelopeOf(sequence: number, payloadCharacters: number) {
  const padding = 'x'.repeat(payloadCharacters);
  return {
    type: 'app.restarted',
    appId: 'app',
    payload: { sagaId: `saga-${sequence}`, padding, note: 'é<' },
  };
}

function eventText(sequence: number, payloadCharacters: number, runId = SIMULATED_RUN): string {
  const probe = { runId, sequence, dueMicros: dueMicrosOf(sequence) };
  return stampEvent(envelopeOf(sequence, payloadCharacters), probe);
}

interface FrameShape {
  readonly first?: number;
  readonly isMasked?: boolean;
  readonly isLong?: boolean;
}

/** One server frame, legal or not. */
function frameOf(payload: Buffer, { first = 0x81, isMasked, isLong }: FrameShape = {}): Buffer {
  const isShort = payload.length < 126 && !isLong;
  const length = isShort ? Buffer.from([payload.length]) : Buffer.alloc(9, 0);
  if (!isShort) {
    length[0] = payload.length < 65_536 && !isLong ? 126 : 127;
    if (length[0] === 126) length.writeUInt16BE(payload.length, 1);
    else length.writeUInt32BE(payload.length, 5);
  }
  const header = isShort || length[0] === 127 ? length : length.subarray(0, 3);
  if (!isMasked) return Buffer.concat([Buffer.from([first]), header, payload]);
  header[0] = (header[0] as number) | 0x80;
  const mask = [1, 2, 3, 250];
  const masked = payload.map((byte, at) => byte ^ (mask[at & 3] as number));
  return Buffer.concat([Buffer.from([first]), header, Buffer.from(mask), masked]);
}

const RSV1 = 0x40;
const RSV2 = 0x20;
const LONG_HEADER_BYTES = 10;
const NOTHING = { sequences: [], messages: 0, corrupted: 0, foreign: 0, faults: [] } as const;

/** The compressed payload of a message, or undefined where it is sent as it is. */
export type Compressor = (payload: Buffer) => Buffer | undefined;

/** The bytes of one step and their truth; called in the order of the stream. */
export function piecesOf(step: StreamStep, compress: Compressor = () => undefined): readonly StreamPiece[] {
  return (step.manner === 'double' ? [step, step] : [step]).map((one) => pieceOf(one, compress));
}

function pieceOf({ sequence, manner, payloadCharacters }: StreamStep, compress: Compressor): StreamPiece {
  /** A whole message in one frame. */
  function messageOf(payload: Buffer, shape: FrameShape = {}): Buffer {
    const compressed = compress(payload);
    if (compressed === undefined) return frameOf(payload, shape);
    return frameOf(compressed, { ...shape, first: (shape.first ?? 0x81) | RSV1 });
  }
  const text = eventText(sequence, payloadCharacters);
  const payload = Buffer.from(text);
  const one = { ...NOTHING, sequences: [sequence], messages: 1 };
  const ping = frameOf(Buffer.from('?'), { first: 0x89 });
  switch (manner) {
    case 'plain':
    case 'double':
      return { ...one, bytes: messageOf(payload) };
    case 'dropped':
      return { ...NOTHING, bytes: Buffer.alloc(0) };
    case 'altered': {
      const bytes = messageOf(Buffer.from(text.replace('saga-', 'Saga-')));
      return { ...one, bytes, corrupted: 1, faults: ['not-what-was-published'] };
    }
    case 'garbled': {
      const bytes = messageOf(Buffer.from(text.replace(`${SIMULATED_RUN}.`, `${SIMULATED_RUN}.1`)));
      return { ...one, bytes, sequences: [], corrupted: 1, faults: ['not-what-was-published'] };
    }
    case 'not-json':
      return {
        ...one,
        bytes: messageOf(payload.subarray(1)),
        sequences: [],
        corrupted: 1,
        faults: ['not-json'],
      };
    case 'not-utf8': {
      const bytes = messageOf(Buffer.concat([payload, Buffer.from([0xff])]));
      return { ...one, bytes, sequences: [], corrupted: 1, faults: ['invalid-utf8'] };
    }
    case 'fragmented':
    case 'ping-inside': {
      const compressed = compress(payload);
      const whole = compressed ?? payload;
      const cut = whole.length >> 1;
      const start = frameOf(whole.subarray(0, cut), { first: compressed ? 0x01 | RSV1 : 0x01 });
      const middle = manner === 'ping-inside' ? ping : frameOf(Buffer.alloc(0), { first: 0x00 });
      return {
        ...one,
        bytes: Buffer.concat([start, middle, frameOf(whole.subarray(cut), { first: 0x80 })]),
      };
    }
    case 'interrupted': {
      const start = frameOf(payload.subarray(0, 9), { first: 0x01 });
      return { ...one, bytes: Buffer.concat([start, messageOf(payload)]), faults: ['interrupted-message'] };
    }
    case 'coalesced':
    case 'array': {
      const next = eventText(sequence + 1, payloadCharacters);
      const joined = manner === 'array' ? `[${text},${next}]` : `${text}\n${next}`;
      const sequences = [sequence, sequence + 1];
      return { ...one, bytes: messageOf(Buffer.from(joined)), sequences, faults: ['many-in-one'] };
    }
    case 'reordered-fields': {
      const { type, appId, payload: fields } = JSON.parse(text) as Record<string, unknown>;
      return {
        ...one,
        bytes: messageOf(Buffer.from(JSON.stringify({ payload: fields, appId, type }, null, 1))),
      };
    }
    case 'long-header': {
      const bytes = messageOf(payload, { isLong: true });
      const faults: StreamFault[] = bytes.length - LONG_HEADER_BYTES < 65_536 ? ['non-minimal-length'] : [];
      return { ...one, bytes, faults };
    }
    case 'masked':
      return { ...one, bytes: messageOf(payload, { isMasked: true }), faults: ['masked'] };
    case 'binary':
      return { ...one, bytes: messageOf(payload, { first: 0x82 }), faults: ['binary'] };
    case 'reserved-bit':
      return { ...one, bytes: frameOf(payload, { first: 0x81 | RSV2 }), faults: ['reserved-bits'] };
    case 'bad-opcode':
      return { ...NOTHING, bytes: frameOf(payload, { first: 0x83 }), faults: ['bad-opcode'] };
    case 'foreign':
      return {
        ...one,
        bytes: messageOf(Buffer.from(eventText(sequence, 0, 'other'))),
        sequences: [],
        foreign: 1,
      };
    case 'unstamped': {
      const bytes = messageOf(Buffer.from(JSON.stringify(envelopeOf(0, 0))));
      return { ...one, bytes, sequences: [], foreign: 1 };
    }
    case 'ping':
      return { ...NOTHING, bytes: Buffer.concat([ping, frameOf(Buffer.alloc(0), { first: 0x8a })]) };
  }
}

const BIG_EVENT = 3;

/** What one client is sent: mostly every event from where it joins, now and then something else, sometimes swapped. */
export function clientSteps(events: number, bigCharacters: number): fc.Arbitrary<readonly StreamStep[]> {
  const choice = fc.record({ manner: fc.constantFrom(...MANNERS), isOdd: fc.boolean(), swap: fc.nat(9) });
  const choices = fc.array(choice, { minLength: events, maxLength: events });
  return fc.tuple(choices, fc.nat(events - 1)).map(([made, joinedAt]) => {
    const steps = made.map(
      ({ manner, isOdd }, sequence): StreamStep => ({
        sequence,
        manner: isOdd ? manner : 'plain',
        payloadCharacters: sequence === BIG_EVENT ? bigCharacters : 20,
      }),
    );
    for (let at = 1; at < steps.length; at++) {
      if (made[at]?.swap !== 0) continue;
      const before = steps[at - 1] as StreamStep;
      steps[at - 1] = steps[at] as StreamStep;
      steps[at] = before;
    }
    return steps.slice(joinedAt);
  });
}

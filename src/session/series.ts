// A series of events: numbered, under a name of its own, so that those who share a hub can tell their events apart, and
// carrying a checksum of their content. Valid envelopes of a documented type with string fields by default.
import { contentCheck } from '../protocol/content-check.ts';
import type { Envelope } from '../protocol/envelope.ts';
import { decodeProbe, encodeProbe, PROBE_FIELD } from '../protocol/probe.ts';
import { createKnownMessages, type KnownMessage } from './messages/known-messages.ts';

export interface EventShape {
  readonly type?: string;
  readonly appId?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Bytes of `x` added in the last payload field, so that a torn frame ends in them. */
  readonly paddingBytes?: number;
  /** Bytes of the whole text, filled up with padding of `x`; what is longer stays as it is. */
  readonly textBytes?: number;
}

export interface SeriesEvent {
  readonly sequence: number;
  /** JSON text as it is given to the hub. */
  readonly text: string;
  readonly envelope: Envelope;
}

interface Nonce {
  readonly sequence: number;
  readonly text: string;
}

/** Knows the events of one series among all that a client receives. */
export interface SeriesReader {
  /** Letters and digits. No name may be the beginning of another's. */
  readonly name: string;
  /** The name under which nonces of the join barrier go. */
  readonly nonceName: string;
  /** What a text message says that is UTF-8; its bytes are kept. */
  readMessage(payload: Buffer): KnownMessage<Reading>;
}

export interface Series extends SeriesReader {
  /** The next event of the series. */
  next(shape?: EventShape): SeriesEvent;
  /** A nonce of the join barrier: recognized, but not an event of the series. */
  nextNonce(shape?: EventShape): Nonce;
}

export type Reading =
  | { readonly kind: 'other' }
  | { readonly kind: 'nonce'; readonly sequence: number }
  | { readonly kind: 'event'; readonly sequence: number; readonly isIntact: boolean };

export function createSeries(name: string): Series {
  let sequence = 0;
  let nonce = 0;
  const reader = createSeriesReader(name);
  const stamp = (runId: string, at: number, shape: EventShape): { text: string; envelope: Envelope } => {
    const { textBytes } = shape;
    if (textBytes === undefined) return write(runId, at, shape);
    const bare = Buffer.byteLength(write(runId, at, { ...shape, paddingBytes: 0 }).text);
    return write(runId, at, bare > textBytes ? shape : { ...shape, paddingBytes: textBytes - bare });
  };
  return {
    ...reader,
    next(shape = {}) {
      const at = sequence++;
      return { sequence: at, ...stamp(name, at, shape) };
    },
    nextNonce(shape = {}) {
      const at = nonce++;
      return { sequence: at, text: stamp(reader.nonceName, at, shape).text };
    },
  };
}

function write(runId: string, at: number, shape: EventShape): { text: string; envelope: Envelope } {
  const envelope = shapeEnvelope(shape, at);
  const probe = encodeProbe({ runId, sequence: at, dueMicros: 0, contentCheck: contentCheck(envelope) });
  const { type, appId, payload } = envelope;
  // The probe comes first, so that a torn frame ends in padding.
  const render = (fields: Envelope['payload']): string =>
    JSON.stringify({ type, appId, payload: { [PROBE_FIELD]: probe, ...fields } });
  const { [PADDING_FIELD]: padding } = payload;
  if (shape.paddingBytes === undefined || typeof padding !== 'string')
    return { envelope, text: render(payload) };
  const bare = render({ ...payload, [PADDING_FIELD]: '' });
  // Nothing in it needs an escape.
  const text = bare.endsWith(BARE_END)
    ? `${bare.slice(0, -PADDING_END.length)}${padding}${PADDING_END}`
    : render(payload);
  return { envelope, text };
}

const PADDING_FIELD = 'zPadding';
const PADDING_END = '"}}';
const BARE_END = `"${PADDING_FIELD}":"${PADDING_END}`;

// Events of one size follow one another: their padding is one text.
let lastPadding = '';

function paddingOf(bytes: number): string {
  if (lastPadding.length !== bytes) lastPadding = 'x'.repeat(bytes);
  return lastPadding;
}

export function createSeriesReader(name: string): SeriesReader {
  const nonceName = `${name}J`;
  const messages = createKnownMessages((envelope): Reading => {
    const probe = decodeProbe(envelope.payload[PROBE_FIELD]);
    if (probe?.runId === nonceName) return { kind: 'nonce', sequence: probe.sequence };
    if (probe?.runId !== name) return { kind: 'other' };
    const isIntact = probe.contentCheck === contentCheck(envelope);
    return { kind: 'event', sequence: probe.sequence, isIntact };
  });
  return { name, nonceName, readMessage: messages.read };
}

function shapeEnvelope(shape: EventShape, sequence: number): Envelope {
  const payload = shape.payload ?? {
    sagaId: `saga-${sequence}`,
    message: `${sequence} of 3 allocations healthy`,
  };
  return {
    type: shape.type ?? 'deploy.progress',
    appId: shape.appId ?? 'norn-conformance',
    payload:
      shape.paddingBytes === undefined
        ? payload
        : { ...payload, [PADDING_FIELD]: paddingOf(shape.paddingBytes) },
  };
}

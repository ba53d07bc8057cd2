// Records what one connection received: every frame read strictly, events sorted from nonces of the join barrier and from
// messages of others, bounded memory. Checks and fixtures judge what it recorded. The load driver's ledger does the same
// in constant memory; here the order itself is the evidence.
import { closeProblem } from '../ledger/client/close-frame.ts';
import type { Inflater } from '../wire/deflate.ts';
import { OPCODE } from '../wire/frame-header.ts';
import { decodeClosePayload } from '../wire/frame-writer.ts';
import { createMessageReader, type WireEvent } from '../wire/message-reader.ts';
import type { KnownEvent } from './messages/known-messages.ts';
import type {
  Delivery,
  Fault,
  Merged,
  Recorded,
  RecordedClose,
  RecordedPong,
  RecordedText,
} from './recorded.ts';
import type { Reading, SeriesReader } from './series.ts';
import { describeHeader, describeWireFrame, type WireFrame } from './wire-frame.ts';
import type { WireFact, WireLog } from './wire-log.ts';

/** own: messages of this series; all: every message; none: no texts. At most 64 MiB of texts are kept. */
export type KeepTexts = 'none' | 'own' | 'all';

export interface RecorderOptions {
  /** Which events are the recorder's own. */
  readonly series: SeriesReader;
  /**
   * Which messages must be envelopes in legal text: those of the series, or all, where nobody else broadcasts. The others
   * are skipped whatever they hold: a hub may pass on what a client of another check sent.
   */
  readonly judges: 'own' | 'all';
  readonly keepTexts?: KeepTexts | undefined;
  /** Called for each control frame, in order. */
  readonly onControl: (opcode: 8 | 9 | 10, payload: Buffer) => void;
  /** What was agreed on, once it is known; undefined without compression. */
  readonly inflater?: () => Inflater | undefined;
  /** Called for each message, of whatever series, before it is recorded. */
  readonly onMessage?: ((payload: Buffer) => void) | undefined;
  /** Receives what came, decoded, for reports. */
  readonly log?: Pick<WireLog, 'add'>;
}

export interface Recorder extends Recorded {
  read(bytes: Uint8Array, atMicros: number): void;
}

type MessageEvent = Extract<WireEvent, { kind: 'text' | 'binary' }>;
type ControlEvent = Extract<WireEvent, { kind: 'ping' | 'pong' | 'close' }>;

const KEPT_TEXT_CHARS = 64 * 1024 * 1024;
const KEPT_FAULTS = 20;
const KEPT_PONGS = 2_000;
const TAIL_BYTES = 512;

export function createRecorder(options: RecorderOptions): Recorder {
  const { series, judges, keepTexts = 'none', log } = options;
  const nameBytes = Buffer.from(series.name);
  const isJudged = (message: Buffer): boolean => judges === 'all' || message.includes(nameBytes);
  const reader = createMessageReader(undefined, options.inflater, (message) => !isJudged(message));
  const deliveries: Delivery[] = [];
  const sequences: number[] = [];
  const texts: RecordedText[] = [];
  const pongs: RecordedPong[] = [];
  const closes: RecordedClose[] = [];
  const faults: Fault[] = [];
  const merged: Merged[] = [];
  let [lastSequence, firstNonce, lastNonce] = [-1, -1, -1];
  let [messages, bytes, pings, keptChars] = [0, 0, 0, 0];
  const tail = createTail();
  let nowMicros = 0;

  /** `frame` is decoded only where there is a log. */
  function note(what: string, frame: () => WireFrame | undefined, fact?: WireFact): void {
    log?.add('in', what, frame(), fact);
  }

  function blame(
    kind: Fault['kind'],
    problem: string,
    frame: () => WireFrame | undefined,
    isOwn = false,
  ): void {
    note(`FAULT: ${problem}`, frame, { kind: 'fault' });
    if (faults.length < KEPT_FAULTS) faults.push({ kind, problem, ...(isOwn ? { isOwn } : {}) });
  }

  function takeMessage(event: MessageEvent): void {
    const { kind, payload } = event;
    messages++;
    options.onMessage?.(payload);
    if (kind === 'text') takeText(event);
    else if (isJudged(payload))
      blame('binary', `a binary message of ${payload.length} bytes (events are text)`, () => decoded(event));
  }

  function takeText(message: MessageEvent): void {
    const { payload } = message;
    const isOwn = payload.includes(nameBytes);
    const known = judges === 'all' || isOwn ? series.readMessage(payload) : undefined;
    if (known?.kind === 'merged') {
      takeMerged(known.pieces, message);
      return;
    }
    if (keepTexts === 'all' || (keepTexts === 'own' && isOwn)) keep(payload.toString('utf8'));
    if (known?.kind === 'event') {
      takeEvent(known, message, () => (message.frames === 1 ? known.frame() : decoded(message)));
    } else if (known?.kind === 'fault')
      blame(known.fault, `${known.problem}: ${quote(payload)}`, () => decoded(message), isOwn);
  }

  /** Events that a hub wrote into one message came all the same; that they came so is for its own checks. */
  function takeMerged(pieces: readonly string[], message: MessageEvent): void {
    const problem = `${pieces.length} JSON objects in one message: ${quote(message.payload)}`;
    note(`MERGED: ${problem}`, () => decoded(message));
    if (merged.length < KEPT_FAULTS)
      merged.push({ problem, shape: isArray(message.payload) ? 'array' : 'joined' });
    for (const piece of pieces) takeText({ ...message, payload: Buffer.from(piece) });
  }

  function keep(text: string): void {
    if (keptChars + text.length > KEPT_TEXT_CHARS) return;
    keptChars += text.length;
    texts.push({ atMicros: nowMicros, text });
  }

  function takeEvent(event: KnownEvent<Reading>, message: MessageEvent, frame: () => WireFrame): void {
    const { type, reading } = event;
    if (reading.kind === 'other') {
      const shown = message.payload.toString('utf8', 0, 200);
      if (message.payload.includes(nameBytes))
        blame('probe', `an event whose probe is damaged: ${shown}`, frame);
    } else if (reading.kind === 'nonce') {
      if (firstNonce === -1) firstNonce = reading.sequence;
      lastNonce = Math.max(lastNonce, reading.sequence);
      note(`join nonce #${reading.sequence}`, frame);
    } else {
      const { sequence, isIntact } = reading;
      const size = message.payload.length;
      deliveries.push({ sequence, atMicros: nowMicros, bytes: size, frames: message.frames, isIntact });
      sequences.push(sequence);
      lastSequence = Math.max(lastSequence, sequence);
      const what = `event #${sequence} ${type} of ${size} B${isIntact ? '' : ', CONTENT CHANGED'}`;
      note(what, frame, { kind: 'event', sequence });
    }
  }

  function takeControl(event: ControlEvent): void {
    const frame = () => decoded(event);
    const { kind, payload } = event;
    if (kind === 'close') {
      const { code, reason } = decodeClosePayload(payload);
      note(`close ${code}${reason === '' ? '' : ` ${JSON.stringify(reason)}`}`, frame);
      closes.push({ atMicros: nowMicros, code, reason });
      const problem = closeProblem(payload);
      if (problem !== undefined) blame('frame', `${problem} (RFC 6455 5.5.1, 7.4)`, frame);
    } else {
      note(`${kind} of ${payload.length} B`, frame);
      if (kind === 'ping') pings++;
      else if (pongs.length < KEPT_PONGS) pongs.push({ atMicros: nowMicros, payload });
    }
    options.onControl(OPCODE[kind], payload);
  }

  function take(event: WireEvent): void {
    if (event.kind === 'fault') {
      blame('frame', event.problem, () => event.header && describeHeader(event.header));
    } else if ('frames' in event) takeMessage(event);
    else takeControl(event);
  }

  return {
    read(chunk, atMicros) {
      nowMicros = atMicros;
      bytes += chunk.length;
      tail.push(chunk);
      for (const event of reader.read(chunk)) take(event);
    },
    deliveries,
    sequences,
    texts,
    pongs,
    closes,
    faults,
    merged,
    get lastSequence() {
      return lastSequence;
    },
    get firstNonce() {
      return firstNonce;
    },
    get lastNonce() {
      return lastNonce;
    },
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    get pings() {
      return pings;
    },
    get hasDataAfterClose() {
      return reader.hasDataAfterClose;
    },
    get hasPartial() {
      return reader.hasPartial;
    },
    get tailBytes() {
      return tail.last(reader.partialPayloadBytes);
    },
  };
}

/** The last bytes of a stream. */
function createTail() {
  const bytes = Buffer.alloc(TAIL_BYTES);
  let length = 0;
  return {
    push(chunk: Uint8Array): void {
      const added = chunk.subarray(-TAIL_BYTES);
      const kept = Math.min(length, TAIL_BYTES - added.length);
      bytes.copyWithin(0, length - kept, length);
      bytes.set(added, kept);
      length = kept + added.length;
    },
    /** At most `count` of them, as they are now. */
    last: (count: number): Buffer => Buffer.from(bytes.subarray(length - Math.min(length, count), length)),
  };
}

/** What the strict reader let through came final at the end, unmasked and without reserved bits. */
function decoded(event: MessageEvent | ControlEvent): WireFrame {
  const header = { opcode: OPCODE[event.kind], isFinal: true, isMasked: false, reservedBits: 0 };
  return describeWireFrame(header, event.payload, 'frames' in event ? event.frames : 1);
}

const isArray = (payload: Buffer): boolean =>
  payload.subarray(0, 200).toString('utf8').trimStart().startsWith('[');

function quote(payload: Buffer): string {
  const text = payload.subarray(0, 200).toString('utf8');
  return JSON.stringify(payload.length > 200 ? `${text}...` : text);
}

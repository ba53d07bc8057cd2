// What one client received, decoded strictly and sorted: the events of its own check, nonces of the join barrier,
// events of others, control frames, and every fault. Bounded in memory.

import { closeProblem } from '../../ledger/client/close-frame.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { parseEnvelope } from '../../protocol/envelope-validation.ts';
import type { Inflater } from '../../wire/deflate.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { decodeClosePayload } from '../../wire/frame-writer.ts';
import { createMessageReader, type WireEvent } from '../../wire/message-reader.ts';
import type { Series } from './series.ts';
import { describeHeader, describeWireFrame, type WireFrame } from './wire-frame.ts';
import type { WireLog } from './wire-log.ts';

export interface Delivery {
  readonly sequence: number;
  readonly atMillis: number;
  readonly bytes: number;
  readonly frames: number;
  /** The content is what was published (the hub may have written the JSON in other words). */
  readonly isIntact: boolean;
}

interface Message {
  readonly atMillis: number;
  readonly text: string;
}

interface Pong {
  readonly atMillis: number;
  readonly payload: Buffer;
}

interface CloseSeen {
  readonly atMillis: number;
  /** 1005 when the frame had no body, 1002 when the body was one byte. */
  readonly code: number;
  readonly reason: string;
}

export interface Fault {
  /** frame: illegal bits or UTF-8; binary: not a text message; json: not one JSON value; envelope: not of its shape; probe: damaged. */
  readonly kind: 'frame' | 'binary' | 'json' | 'envelope' | 'probe';
  readonly problem: string;
}

interface Reply {
  readonly opcode: number;
  readonly payload: Buffer;
}

export interface Inbox {
  /** Takes what was read; gives the frames a client must answer with. */
  read(bytes: Buffer): Reply[];
  /** Events of this check's series, in order of arrival. */
  readonly events: readonly Delivery[];
  readonly sequences: readonly number[];
  /** The highest nonce seen, -1 before the first. */
  readonly lastNonce: number;
  /** Messages of whatever kind. */
  readonly messageCount: number;
  /** Messages that are not this check's. */
  readonly foreignCount: number;
  /** Texts, where the check asked to keep them. */
  readonly texts: readonly Message[];
  readonly pings: number;
  readonly pongs: readonly Pong[];
  readonly closes: readonly CloseSeen[];
  /** A message, or the beginning of one, came after the Close of the hub (RFC 6455 5.5.1 forbids it). */
  readonly hasDataAfterClose: boolean;
  /** Illegal frames, binary messages, texts that are not one envelope. */
  readonly faults: readonly Fault[];
  readonly hasPartial: boolean;
  /** The last bytes that were read, at most 512. */
  readonly tailBytes: Buffer;
}

/** own: events of this check's series; all: every message. At most 64 MiB are kept. */
export type KeepTexts = 'none' | 'own' | 'all';

const KEPT_TEXT_CHARS = 64 * 1024 * 1024;
const KEPT_FAULTS = 20;
const KEPT_PONGS = 2_000;
const TAIL_BYTES = 512;

export function createInbox(
  series: Series,
  wireLog: WireLog,
  elapsedMillis: () => number,
  keepTexts: KeepTexts = 'none',
  inflater?: () => Inflater | undefined,
): Inbox {
  const reader = createMessageReader(undefined, inflater);
  const nameBytes = Buffer.from(series.name);
  const events: Delivery[] = [];
  const sequences: number[] = [];
  const texts: Message[] = [];
  const pongs: Pong[] = [];
  const closes: CloseSeen[] = [];
  const faults: Fault[] = [];
  let [lastNonce, messageCount, foreignCount, keptChars, pings] = [-1, 0, 0, 0, 0];
  let messagesAfterClose = 0;
  let tail: Buffer = Buffer.alloc(0);

  function blame(kind: Fault['kind'], problem: string, frame?: WireFrame): void {
    wireLog.add('in', `FAULT: ${problem}`, frame);
    if (faults.length < KEPT_FAULTS) faults.push({ kind, problem });
  }

  function keep(text: string): void {
    if (keptChars + text.length > KEPT_TEXT_CHARS) return;
    keptChars += text.length;
    texts.push({ atMillis: elapsedMillis(), text });
  }

  function takeMessage(event: MessageEvent): void {
    messageCount++;
    if (closes.length > 0) messagesAfterClose++;
    if (event.kind === 'binary') {
      blame('binary', `a binary message of ${event.payload.length} bytes (events are text)`, decoded(event));
      return;
    }
    const isOwn = event.payload.includes(nameBytes);
    if (keepTexts === 'all' || (keepTexts === 'own' && isOwn)) keep(event.payload.toString('utf8'));
    if (!isOwn) {
      foreignCount++;
      return;
    }
    const verdict = parseEnvelope(event.payload.toString('utf8'));
    if (verdict.ok) takeEvent(verdict.envelope, event);
    else
      blame(
        verdict.problem.startsWith('not one JSON') ? 'json' : 'envelope',
        `${verdict.problem}: ${quote(event.payload)}`,
        decoded(event),
      );
  }

  function takeEvent(envelope: Envelope, message: MessageEvent): void {
    const bytes = message.payload.length;
    const reading = series.read(envelope);
    if (reading.kind === 'foreign') {
      blame(
        'probe',
        `an event whose probe is damaged: ${JSON.stringify(envelope).slice(0, 200)}`,
        decoded(message),
      );
      return;
    }
    if (reading.kind === 'nonce') {
      lastNonce = Math.max(lastNonce, reading.sequence);
      wireLog.add('in', `join nonce #${reading.sequence}`, decoded(message));
      return;
    }
    const { sequence, isIntact } = reading;
    events.push({ sequence, atMillis: elapsedMillis(), bytes, frames: message.frames, isIntact });
    sequences.push(sequence);
    wireLog.add(
      'in',
      `event #${sequence} ${envelope.type} of ${bytes} B${isIntact ? '' : ', CONTENT CHANGED'}`,
      decoded(message),
    );
  }

  function take(event: WireEvent): Reply | undefined {
    switch (event.kind) {
      case 'text':
      case 'binary':
        takeMessage(event);
        return undefined;
      case 'fault':
        blame('frame', event.problem, event.header && describeHeader(event.header));
        return undefined;
      case 'pong':
        wireLog.add('in', `pong of ${event.payload.length} B`, decoded(event));
        if (pongs.length < KEPT_PONGS) pongs.push({ atMillis: elapsedMillis(), payload: event.payload });
        return undefined;
      case 'ping':
        wireLog.add('in', `ping of ${event.payload.length} B`, decoded(event));
        pings++;
        return { opcode: OPCODE.pong, payload: event.payload };
      case 'close': {
        const { code, reason } = decodeClosePayload(event.payload);
        wireLog.add(
          'in',
          `close ${code}${reason === '' ? '' : ` ${JSON.stringify(reason)}`}`,
          decoded(event),
        );
        closes.push({ atMillis: elapsedMillis(), code, reason });
        const problem = closeProblem(event.payload);
        if (problem !== undefined) blame('frame', `${problem} (RFC 6455 5.5.1, 7.4)`);
        // Echo of the code only (RFC 6455 5.5.1); the second one would be illegal.
        return closes.length > 1
          ? undefined
          : { opcode: OPCODE.close, payload: event.payload.subarray(0, 2) };
      }
    }
  }

  return {
    read(bytes) {
      tail = Buffer.concat([tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      return reader.read(bytes).flatMap((event) => take(event) ?? []);
    },
    events,
    sequences,
    texts,
    pongs,
    closes,
    get hasDataAfterClose() {
      return messagesAfterClose > 0 || (closes.length > 0 && reader.hasPartial);
    },
    faults,
    get lastNonce() {
      return lastNonce;
    },
    get messageCount() {
      return messageCount;
    },
    get foreignCount() {
      return foreignCount;
    },
    get pings() {
      return pings;
    },
    get hasPartial() {
      return reader.hasPartial;
    },
    get tailBytes() {
      return tail;
    },
  };
}

type MessageEvent = Extract<WireEvent, { kind: 'text' | 'binary' }>;

/** What the strict reader let through came final at the end, unmasked and without reserved bits. */
function decoded(event: Exclude<WireEvent, { kind: 'fault' }>): WireFrame {
  const header = { opcode: OPCODE[event.kind], isFinal: true, isMasked: false, reservedBits: 0 };
  return describeWireFrame(header, event.payload, 'frames' in event ? event.frames : 1);
}

function quote(payload: Buffer): string {
  const text = payload.subarray(0, 200).toString('utf8');
  return JSON.stringify(payload.length > 200 ? `${text}...` : text);
}

// Faults of the byte stream itself, counted by kind with one sample each. Apart from the order of events: a stream
// can be broken while every event arrives.
import type { FaultCount } from '../ledger.ts';

/** Control opcodes of RFC 6455, section 11.8. */
export type ControlOpcode = 8 | 9 | 10;

export const STREAM_FAULTS = {
  masked: 'a server frame is masked (RFC 6455, 5.1)',
  'reserved-bits': 'RSV bits are set and no extension was agreed (5.2)',
  'bad-opcode': 'the opcode is reserved (5.2)',
  'non-minimal-length': 'the length is not in its shortest form (5.2)',
  'oversized-frame': 'the length is beyond what the kit reads; nothing after it can be read (5.2)',
  'control-fragmented': 'a control frame is fragmented (5.5)',
  'control-too-long': 'a control frame carries more than 125 bytes (5.5)',
  'bad-close':
    'the Close frame has a one-byte body, a code that may not be sent, or a reason that is not UTF-8 (5.5.1, 7.4)',
  'data-after-close': 'a data frame follows the Close frame (5.5.1)',
  'lone-continuation': 'a continuation frame without a start (5.4)',
  'interrupted-message': 'a new message starts inside a fragmented one (5.4)',
  binary: 'a binary message: every message is JSON text (protocol, "Event Envelope")',
  'invalid-utf8': 'a text message is not UTF-8 (8.1)',
  'not-inflatable': 'a compressed message cannot be inflated (RFC 7692, 7.2.2)',
  'not-json': 'a message is not JSON (protocol, "Event Envelope")',
  'many-in-one': 'one message holds several JSON values (protocol, "Event Envelope")',
  'not-what-was-published': 'the content of an event differs from what was published',
} as const;

export type StreamFault = keyof typeof STREAM_FAULTS;

/** Faults in what a message says, not in how it is framed. */
const CORRUPTIONS: readonly StreamFault[] = [
  'invalid-utf8',
  'not-inflatable',
  'not-json',
  'not-what-was-published',
];

const SAMPLE_CHARACTERS = 200;

/** Faults of one client by kind; created with its first fault, so that a client without faults pays nothing. */
export class FaultTally {
  /** Messages whose content is not what was published, or is no event at all. */
  corrupted = 0;
  private readonly byKind = new Map<StreamFault, { count: number; readonly sample: string }>();

  add(kind: StreamFault, sample: string): void {
    if (CORRUPTIONS.includes(kind)) this.corrupted++;
    const known = this.byKind.get(kind);
    if (known === undefined) this.byKind.set(kind, { count: 1, sample: sample.slice(0, SAMPLE_CHARACTERS) });
    else known.count++;
  }

  list(): FaultCount[] {
    return [...this.byKind].map(([kind, { count, sample }]) => ({ kind, count, sample }));
  }
}

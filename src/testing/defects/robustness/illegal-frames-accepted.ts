// Robustness: frames from a client that RFC 6455 forbids, or that have no size limit (B17), are accepted, and one
// legal message is refused.
import type { Defect } from '../../defect.ts';
import { readsWith } from '../shared-changes.ts';

export const ILLEGAL_FRAMES_ACCEPTED: readonly Defect[] = [
  // RFC 6455 section 5.1: the server must close.
  {
    id: 'unmasked-accepted',
    bugClass: 'RFC',
    summary: 'unmasked frames from a client are accepted',
    severity: 'medium',
    namedBy: { 'robustness.unmasked-refused': 'fail' },
    change: readsWith({ requiresMask: false }),
  },
  // Frames that the hub does not process, such as a Pong, are not checked.
  {
    id: 'unmasked-pong-accepted',
    bugClass: 'RFC',
    summary: 'unmasked pongs from a client are accepted',
    severity: 'medium',
    namedBy: { 'robustness.unmasked-refused': 'fail' },
    change: readsWith({ overlooks: ({ opcode, isMasked }) => opcode === 10 && !isMasked }),
  },
  // RFC 6455 section 5.2: the connection must fail.
  {
    id: 'reserved-bits-accepted',
    bugClass: 'RFC',
    summary: 'frames with reserved bits are accepted',
    severity: 'medium',
    namedBy: { 'robustness.reserved-bits-refused': 'fail' },
    change: readsWith({ refusesReservedBits: false }),
  },
  // Reserved bits are checked in data frames only.
  {
    id: 'reserved-bit-on-ping-accepted',
    bugClass: 'RFC',
    summary: 'control frames with reserved bits are accepted',
    severity: 'medium',
    namedBy: { 'robustness.reserved-bits-refused': 'fail' },
    change: readsWith({ overlooks: ({ opcode, reservedBits }) => opcode >= 8 && reservedBits !== 0 }),
  },
  // RFC 6455 section 5.2: the connection must fail.
  {
    id: 'reserved-opcodes-accepted',
    bugClass: 'RFC',
    summary: 'frames with reserved opcodes are accepted',
    severity: 'medium',
    namedBy: { 'robustness.reserved-opcodes-refused': 'fail' },
    change: readsWith({ refusesReservedOpcodes: false }),
  },
  // The list of unknown opcodes lacks one.
  {
    id: 'one-reserved-opcode-accepted',
    bugClass: 'RFC',
    summary: 'opcode 5 is accepted as data',
    severity: 'medium',
    namedBy: { 'robustness.reserved-opcodes-refused': 'fail' },
    change: readsWith({ overlooks: ({ opcode }) => opcode === 5 }),
  },
  // RFC 6455 section 5.5 forbids both.
  {
    id: 'bad-control-accepted',
    bugClass: 'RFC',
    summary: 'fragmented and oversized control frames are accepted',
    severity: 'medium',
    namedBy: { 'robustness.bad-control-refused': 'fail' },
    change: readsWith({ refusesBadControl: false }),
  },
  // The rules for control frames are applied to pings only.
  {
    id: 'bad-pong-accepted',
    bugClass: 'RFC',
    summary: 'fragmented and oversized pongs are accepted',
    severity: 'medium',
    namedBy: { 'robustness.bad-control-refused': 'fail' },
    change: readsWith({ overlooks: ({ opcode, isMasked }) => opcode === 10 && isMasked }),
  },
  // RFC 6455 section 5.4 forbids both.
  {
    id: 'bad-continuation-accepted',
    bugClass: 'RFC',
    summary: 'continuations without a start and messages inside messages are accepted',
    severity: 'medium',
    namedBy: { 'robustness.bad-continuation-refused': 'fail' },
    change: readsWith({ refusesBadContinuation: false }),
  },
  // Only a text message inside a fragmented one is refused.
  {
    id: 'binary-inside-text-accepted',
    bugClass: 'RFC',
    summary: 'a binary message is accepted between the fragments of a text',
    severity: 'medium',
    namedBy: { 'robustness.bad-continuation-refused': 'fail' },
    change: readsWith({
      overlooks: ({ opcode, isMasked, reservedBits }) => opcode === 2 && isMasked && reservedBits === 0,
    }),
  },
  // RFC 6455 section 8.1. Common where a library leaves the check to its user, who does not know.
  {
    id: 'bad-utf8-accepted',
    bugClass: 'RFC',
    summary: 'a text message from a client that is not UTF-8 is accepted',
    severity: 'advisory',
    namedBy: { 'robustness.bad-utf8': 'warn' },
    change: readsWith({ refusesBadUtf8: false }),
  },
  // A fragment may end inside a character (RFC 6455 section 5.6).
  {
    id: 'utf8-by-fragment',
    bugClass: 'RFC',
    summary: 'a text message that is split inside a character ends the connection',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change: readsWith({ checksFragments: true }),
  },
  // The hub stays silent after a frame header that declares 2^40 bytes.
  {
    id: 'no-read-limit',
    bugClass: 'B17',
    summary: 'a client may send frames of any size',
    severity: 'advisory',
    namedBy: { 'robustness.length-limited': 'warn' },
    change: readsWith({ maxMessageBytes: Number.POSITIVE_INFINITY }),
  },
  // SetReadLimit(512), as in a well-known chat example.
  {
    id: 'read-limit-of-512',
    bugClass: 'B35',
    summary: 'a client that sends more than 512 bytes in a message is disconnected',
    severity: 'advisory',
    namedBy: { 'robustness.takes-texts': 'warn' },
    change: readsWith({ maxMessageBytes: 512 }),
  },
  // Each frame has a limit, the message has none; an endless message fills the memory.
  {
    id: 'fragments-uncounted',
    bugClass: 'B17',
    summary: 'a client may send a message of any size in small fragments',
    severity: 'advisory',
    namedBy: { 'robustness.fragments-limited': 'warn' },
    change: readsWith({ countsFragments: false }),
  },
];

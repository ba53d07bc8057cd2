// Robustness under compression (RFC 7692): what is right on plain connections goes wrong on those that agreed to it.
import type { Defect } from '../../defect.ts';
import { deflatesEach } from '../../explored/deflate-with-window.ts';
import { agreeToDeflate, compress, withCompressedBit } from '../../hub/compression.ts';
import type { ReaderRules } from '../../hub/frame-reader.ts';
import { encodeFrame, OPCODE } from '../../hub/frames.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

const FRESH = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
const COMPRESSED = 0x40;
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const LARGE_BYTES = 1_024;

/** Reads by other rules what comes over connections that agreed to compression. */
const readsDeflatedWith =
  (change: Partial<ReaderRules>): HubChange<HookableHub> =>
  (_hub, correct) => {
    const { hooks } = agreeToDeflate(correct, FRESH);
    return {
      ...hooks,
      rulesOf(client) {
        const rules = hooks.rulesOf(client);
        return rules.inflate === undefined ? rules : { ...rules, ...change };
      },
    };
  };

const withTail = (compressed: Buffer, bytes: number): Buffer =>
  bytes < LARGE_BYTES ? compressed : Buffer.concat([compressed, TAIL]);

export const UNDER_COMPRESSION: readonly Defect[] = [
  // The validator reads frames, and sees the compressed bytes.
  {
    id: 'bad-utf8-compressed-accepted',
    bugClass: 'RFC',
    summary: 'a text that is not UTF-8 is accepted when it comes compressed',
    severity: 'medium',
    namedBy: { 'robustness.bad-utf8-compressed': 'fail' },
    change: readsDeflatedWith({ checksInflated: false }),
  },
  // Reserved bits are looked at only where no extension is.
  {
    id: 'reserved-bits-accepted-compressed',
    bugClass: 'RFC',
    summary: 'once compression is agreed on, all reserved bits are accepted',
    severity: 'medium',
    namedBy: { 'robustness.reserved-bits-refused': 'fail' },
    change: readsDeflatedWith({ refusesReservedBits: false }),
  },
  // As common libraries do.
  {
    id: 'compressed-bit-on-control-accepted',
    bugClass: 'RFC',
    summary: 'once compression is agreed on, its bit is accepted on control frames',
    severity: 'advisory',
    namedBy: { 'robustness.reserved-bits-refused': 'warn' },
    change: readsDeflatedWith({
      overlooks: ({ opcode, reservedBits, isMasked }) =>
        opcode >= OPCODE.close && reservedBits === COMPRESSED && isMasked,
    }),
  },
  {
    id: 'compressed-bit-on-continuation-accepted',
    bugClass: 'RFC',
    summary: 'once compression is agreed on, its bit is accepted on continuations',
    severity: 'advisory',
    namedBy: { 'robustness.reserved-bits-refused': 'warn' },
    change: readsDeflatedWith({
      overlooks: ({ opcode, reservedBits }) => opcode === OPCODE.continuation && reservedBits === COMPRESSED,
    }),
  },
  {
    id: 'bad-continuation-accepted-compressed',
    bugClass: 'RFC',
    summary: 'once compression is agreed on, fragments need not fit together',
    severity: 'medium',
    namedBy: { 'robustness.bad-continuation-refused': 'fail' },
    change: readsDeflatedWith({ refusesBadContinuation: false }),
  },
  {
    id: 'unmasked-accepted-compressed',
    bugClass: 'RFC',
    summary: 'once compression is agreed on, frames need not be masked',
    severity: 'medium',
    namedBy: { 'robustness.unmasked-refused': 'fail' },
    change: readsDeflatedWith({ requiresMask: false }),
  },
  // Each frame is inflated for itself.
  {
    id: 'compressed-fragments-refused',
    bugClass: 'B35',
    summary: 'a compressed message in fragments ends the connection',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change: readsDeflatedWith({ inflatesFragments: false }),
  },
  // RFC 7692 7.2.1. Inflaters that go on are inside a block then.
  {
    id: 'deflate-tail-kept',
    bugClass: 'RFC',
    summary: 'large compressed events keep their tail, and browsers cannot read what follows',
    severity: 'high',
    namedBy: { 'envelope.compressed-readable': 'fail' },
    change: deflatesEach((compressed, message) =>
      withCompressedBit(encodeFrame(OPCODE.text, withTail(compressed, message.text.length))),
    ),
  },
  {
    id: 'deflate-tail-kept-fresh',
    bugClass: 'RFC',
    summary: 'large compressed events keep their tail, where each is compressed for itself',
    severity: 'advisory',
    namedBy: { 'envelope.compressed-readable': 'warn' },
    change(_hub, correct) {
      const { agreed, hooks } = agreeToDeflate(correct, FRESH);
      return {
        ...hooks,
        takeNext(client) {
          const message = agreed.has(client) ? client.queue.shift() : undefined;
          if (message === undefined) return correct.takeNext(client);
          const compressed = withTail(compress(message.text), message.text.length);
          return withCompressedBit(encodeFrame(OPCODE.text, compressed));
        },
      };
    },
  },
];

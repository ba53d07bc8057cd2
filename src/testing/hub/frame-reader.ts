// Reads what a client sends: a strict RFC 6455 parser that stops at the first violation. Each rule can be switched off,
// because many defects are one forgotten rule.
import { type Header, parseHeader } from './frame-header.ts';
import { OPCODE } from './frames.ts';

export interface ReaderRules {
  /** Largest message, fragments added up; beyond it Close 1009. */
  readonly maxMessageBytes: number;
  /** Whether the limit also counts fragments together, not only one frame. */
  readonly countsFragments: boolean;
  readonly requiresMask: boolean;
  readonly refusesReservedBits: boolean;
  readonly refusesReservedOpcodes: boolean;
  /** Fragmented control frames and control payloads over 125 bytes. */
  readonly refusesBadControl: boolean;
  /** A continuation without a start, or a new message inside a fragmented one. */
  readonly refusesBadContinuation: boolean;
  readonly refusesBadUtf8: boolean;
  /** Whether a compressed message may be in fragments: it may. */
  readonly inflatesFragments: boolean;
  /** Whether texts that were compressed must be UTF-8, too. */
  readonly checksInflated: boolean;
  /** Whether each fragment must be UTF-8, and not only the whole text: wrong, as a fragment may end inside a character. */
  readonly checksFragments: boolean;
  readonly refusesBadCloseCodes: boolean;
  /** A Close of one byte, or with a reason that is not UTF-8. */
  readonly refusesBadCloseBodies: boolean;
  /** With compression agreed on: back to the message, or undefined when it is corrupt or too long. */
  readonly inflate?: (compressed: Buffer) => Buffer | undefined;
  /** Frames that are accepted whatever rule they break: a hub may forget one kind of many. */
  readonly overlooks: (header: Header) => boolean;
}

export const STRICT_RULES: ReaderRules = {
  maxMessageBytes: 65_536,
  countsFragments: true,
  requiresMask: true,
  refusesReservedBits: true,
  refusesReservedOpcodes: true,
  refusesBadControl: true,
  refusesBadContinuation: true,
  refusesBadUtf8: true,
  inflatesFragments: true,
  checksInflated: true,
  checksFragments: false,
  refusesBadCloseCodes: true,
  refusesBadCloseBodies: true,
  overlooks: () => false,
};

export interface ReaderEvents {
  onMessage(opcode: number, payload: Buffer): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** `code` is undefined for an empty Close. */
  onClose(code: number | undefined, reason: Buffer): void;
  /** The stream is illegal from here on; nothing more is read. */
  onViolation(closeCode: number, reason: string): void;
}

export interface FrameReader {
  push(chunk: Buffer): void;
  /** Stops for good: later bytes are dropped. */
  stop(): void;
  /** Whether a fragmented message has begun and not ended. */
  readonly isInsideMessage: boolean;
}

export function createFrameReader(rules: ReaderRules, events: ReaderEvents): FrameReader {
  let headerRest: Buffer = Buffer.alloc(0);
  let header: Header | undefined;
  let body: Buffer[] = [];
  let missingBytes = 0;
  let messageOpcode: number | undefined;
  let message: Buffer[] = [];
  let messageBytes = 0;
  let isCompressed = false;
  let stopped = false;

  function violate(closeCode: number, reason: string): void {
    stopped = true;
    events.onViolation(closeCode, reason);
  }

  function push(chunk: Buffer): void {
    let input = headerRest.length === 0 ? chunk : Buffer.concat([headerRest, chunk]);
    headerRest = Buffer.alloc(0);
    while (!stopped) {
      if (header === undefined) {
        const next = parseHeader(input);
        if (next === undefined) {
          headerRest = Buffer.from(input);
          return;
        }
        const problem = judge(next);
        if (problem !== undefined) {
          violate(problem.closeCode, problem.reason);
          return;
        }
        header = next;
        missingBytes = next.payloadBytes;
        input = input.subarray(next.headerBytes);
      }
      input = takeBody(input, header);
      if (missingBytes > 0) return;
      const ended = header;
      const payload = Buffer.concat(body);
      header = undefined;
      body = [];
      endFrame(ended, payload);
    }
  }

  function takeBody(input: Buffer, frame: Header): Buffer {
    const taken = input.subarray(0, missingBytes);
    if (taken.length > 0) body.push(unmask(taken, frame.mask, frame.payloadBytes - missingBytes));
    missingBytes -= taken.length;
    return input.subarray(taken.length);
  }

  function judge(next: Header): { closeCode: number; reason: string } | undefined {
    if (rules.overlooks(next)) return undefined;
    const isControl = next.opcode >= 8;
    const isReserved =
      next.opcode > OPCODE.pong || (next.opcode > OPCODE.binary && next.opcode < OPCODE.close);
    if (rules.refusesReservedBits && next.reservedBits !== 0 && !marksCompression(next))
      return { closeCode: 1002, reason: 'reserved bit set' };
    if (rules.refusesReservedOpcodes && isReserved) return { closeCode: 1002, reason: 'reserved opcode' };
    if (rules.requiresMask && !next.isMasked) return { closeCode: 1002, reason: 'frame not masked' };
    if (isControl) {
      const isBad = !next.fin || next.payloadBytes > 125;
      return rules.refusesBadControl && isBad ? { closeCode: 1002, reason: 'bad control frame' } : undefined;
    }
    const continues = next.opcode === OPCODE.continuation;
    if (rules.refusesBadContinuation && continues !== (messageOpcode !== undefined))
      return { closeCode: 1002, reason: 'bad continuation' };
    const totalBytes = next.payloadBytes + (rules.countsFragments ? messageBytes : 0);
    return totalBytes > rules.maxMessageBytes ? { closeCode: 1009, reason: 'message too big' } : undefined;
  }

  /** RSV1 on the first frame of a message (RFC 7692 6). */
  function marksCompression({ reservedBits, opcode }: Header): boolean {
    const isFirst = opcode === OPCODE.text || opcode === OPCODE.binary;
    return rules.inflate !== undefined && reservedBits === 0x40 && isFirst;
  }

  function endFrame(ended: Header, payload: Buffer): void {
    if (ended.opcode === OPCODE.ping) events.onPing(payload);
    else if (ended.opcode === OPCODE.pong) events.onPong(payload);
    else if (ended.opcode === OPCODE.close) endClose(payload);
    else if (ended.opcode < OPCODE.close) endDataFrame(ended, payload);
  }

  function endDataFrame(ended: Header, payload: Buffer): void {
    if (messageOpcode === undefined) isCompressed = marksCompression(ended);
    messageOpcode ??= ended.opcode;
    message.push(payload);
    messageBytes += payload.length;
    if (isCompressed && !ended.fin && !rules.inflatesFragments) violate(1002, 'a compressed fragment');
    else if (rules.checksFragments && messageOpcode === OPCODE.text && !isUtf8(payload))
      violate(1007, 'invalid UTF-8');
    else if (ended.fin) endMessage();
  }

  function endMessage(): void {
    const taken = Buffer.concat(message);
    const whole = isCompressed ? rules.inflate?.(taken) : taken;
    const opcode = messageOpcode ?? OPCODE.text;
    const isChecked = rules.refusesBadUtf8 && (rules.checksInflated || !isCompressed);
    messageOpcode = undefined;
    message = [];
    messageBytes = 0;
    if (whole === undefined) violate(1009, 'message too big, or not to be inflated');
    else if (opcode === OPCODE.text && isChecked && !isUtf8(whole)) violate(1007, 'invalid UTF-8');
    else events.onMessage(opcode, whole);
  }

  function endClose(payload: Buffer): void {
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : undefined;
    if (rules.refusesBadCloseBodies && payload.length === 1) violate(1002, 'close payload of one byte');
    else if (rules.refusesBadCloseCodes && code !== undefined && !isCloseCodeAllowed(code))
      violate(1002, 'bad close code');
    else if (rules.refusesBadUtf8 && rules.refusesBadCloseBodies && !isUtf8(payload.subarray(2)))
      violate(1007, 'invalid UTF-8');
    else events.onClose(code, payload.subarray(2));
  }

  return {
    push,
    stop() {
      stopped = true;
    },
    get isInsideMessage() {
      return messageOpcode !== undefined;
    },
  };
}

function unmask(bytes: Buffer, mask: Buffer, offset: number): Buffer {
  const plain = Buffer.from(bytes);
  if (mask.length === 0) return plain;
  for (let index = 0; index < plain.length; index += 1)
    plain[index] = (plain[index] as number) ^ (mask[(offset + index) & 3] as number);
  return plain;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** RFC 6455 section 7.4 and the registry: what may stand in a Close frame. */
function isCloseCodeAllowed(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

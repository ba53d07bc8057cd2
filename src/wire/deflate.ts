// permessage-deflate as a client reads it (RFC 7692): what may be agreed on, and compressed messages back to texts.
// Every browser offers it, so a hub that agrees to it must keep to it.
import { constants, inflateRawSync } from 'node:zlib';

/** What browsers write. */
export const DEFLATE_OFFER = 'permessage-deflate; client_max_window_bits';

const PARAMETERS = new Set([
  'server_no_context_takeover',
  'client_no_context_takeover',
  'server_max_window_bits',
  'client_max_window_bits',
]);
const MOST_WINDOW_BITS = 15;
/** RSV1 as decodeFrameHeader gives it: a compressed message begins here (RFC 7692 6). */
export const COMPRESSED_BIT = 4;
/** What a sender leaves out at the end of each message (7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** An empty block that is the last. It cannot be read where a sender did not leave out the tail: two tails are half a block. */
const LAST_BLOCK = Buffer.from([0x01, 0x00, 0x00, 0xff, 0xff]);

export interface Inflater {
  /** The next compressed message; undefined when it cannot be inflated, or is longer than `maxBytes` then. */
  inflate(payload: Buffer, maxBytes: number): Buffer | undefined;
  /** Messages that still had their tail, 00 00 ff ff. */
  readonly keptTails: number;
}

/** Why RFC 7692 7.1 does not allow this answer to DEFLATE_OFFER; undefined when it does. */
export function findDeflateFault(answer: string): string | undefined {
  const [name, ...parameters] = answer.split(';').map((part) => part.trim().toLowerCase());
  const names = parameters.map((parameter) => parameter.split('=')[0]?.trim() ?? '');
  const isLegal =
    name === 'permessage-deflate' &&
    names.every((parameter) => PARAMETERS.has(parameter)) &&
    new Set(names).size === names.length;
  return isLegal ? undefined : `not what was offered: ${answer}`;
}

/** Whether messages of a hub with this answer may refer to those before them; undefined is no compression. */
export function keepsContext(answer: string): boolean {
  return !/server_no_context_takeover/i.test(answer);
}

/**
 * Reads what a hub sends that answered `answer`. A message with its tail can be read where each has its own context; who goes on
 * in one context, as browsers do, fails there, and so does this.
 */
export function createInflater(answer: string): Inflater {
  const window = keepsContext(answer) ? new Window(windowBytesOf(answer)) : undefined;
  let keptTails = 0;
  return {
    get keptTails() {
      return keptTails;
    },
    inflate(payload, maxBytes) {
      const whole = tryInflate([payload, TAIL, LAST_BLOCK], constants.Z_FINISH, maxBytes, window?.content);
      if (whole !== undefined) {
        window?.add(whole);
        return whole;
      }
      const message = tryInflate([payload, TAIL], constants.Z_SYNC_FLUSH, maxBytes, window?.content);
      if (message === undefined) return undefined;
      if (payload.subarray(-TAIL.length).equals(TAIL)) keptTails++;
      return window === undefined ? message : undefined;
    },
  };
}

function tryInflate(
  parts: readonly Buffer[],
  finishFlush: number,
  maxOutputLength: number,
  dictionary: Buffer | undefined,
): Buffer | undefined {
  try {
    const hasDictionary = dictionary !== undefined && dictionary.length > 0;
    return inflateRawSync(Buffer.concat(parts), {
      ...{ finishFlush, maxOutputLength },
      ...(hasDictionary ? { dictionary } : {}),
    });
  } catch {
    return undefined;
  }
}

function windowBytesOf(answer: string): number {
  const bits = Number(/server_max_window_bits\s*=\s*"?(\d+)/i.exec(answer)?.[1] ?? MOST_WINDOW_BITS);
  return 2 ** Math.min(MOST_WINDOW_BITS, Math.max(8, bits));
}

/** What the next message may refer to: the end of all that came before it. Node has no synchronous stream to keep it. */
class Window {
  private bytes: Buffer = Buffer.alloc(0);
  private end = 0;
  private readonly windowBytes: number;

  constructor(windowBytes: number) {
    this.windowBytes = windowBytes;
  }

  get content(): Buffer {
    return this.bytes.subarray(Math.max(0, this.end - this.windowBytes), this.end);
  }

  add(message: Buffer): void {
    const added = message.subarray(-this.windowBytes);
    if (this.end + added.length > this.bytes.length) this.makeRoom(added.length);
    added.copy(this.bytes, this.end);
    this.end += added.length;
  }

  /** Half a window of slack, so that it moves seldom; a client that receives little has a small one. */
  private makeRoom(addedBytes: number): void {
    const kept = this.bytes.subarray(Math.max(0, this.end + addedBytes - this.windowBytes), this.end);
    const mostBytes = 1.5 * this.windowBytes;
    const wantedBytes = Math.min(mostBytes, 2 * (kept.length + addedBytes));
    const bytes = this.bytes.length < wantedBytes ? Buffer.allocUnsafeSlow(wantedBytes) : this.bytes;
    kept.copy(bytes, 0);
    this.bytes = bytes;
    this.end = kept.length;
  }
}

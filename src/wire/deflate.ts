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
const WINDOW_BYTES = 32 * 1024;
/** What a sender leaves out at the end of each message (7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export interface Inflater {
  /** The next compressed message; undefined when it cannot be inflated, or is longer than `maxBytes` then. */
  inflate(payload: Buffer, maxBytes: number): Buffer | undefined;
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

/** Reads what a hub sends that answered `answer`. */
export function createInflater(answer: string): Inflater {
  const keepsContext = !/server_no_context_takeover/i.test(answer);
  let dictionary: Buffer = Buffer.alloc(0);
  return {
    inflate(payload, maxBytes) {
      try {
        const message = inflateRawSync(Buffer.concat([payload, TAIL]), {
          finishFlush: constants.Z_SYNC_FLUSH,
          maxOutputLength: maxBytes,
          ...(dictionary.length === 0 ? {} : { dictionary }),
        });
        // What the next message may refer to is the end of all that came before it.
        if (keepsContext) dictionary = Buffer.concat([dictionary, message]).subarray(-WINDOW_BYTES);
        return message;
      } catch {
        return undefined;
      }
    },
  };
}

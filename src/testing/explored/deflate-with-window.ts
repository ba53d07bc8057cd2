// permessage-deflate with a window that goes on over messages, in one call: Node has no synchronous stream.
import { constants, deflateRawSync } from 'node:zlib';

const WINDOW_BYTES = 32 * 1024;

export function deflateWith(text: string | Buffer, window: Buffer | undefined) {
  const compressed = deflateRawSync(text, {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(window === undefined ? {} : { dictionary: window }),
  }).subarray(0, -4);
  const bytes = Buffer.from(text as string);
  return {
    compressed,
    window: Buffer.concat([window ?? Buffer.alloc(0), bytes]).subarray(-WINDOW_BYTES),
  };
}

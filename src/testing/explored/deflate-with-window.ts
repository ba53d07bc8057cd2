// permessage-deflate with a window that goes on over messages, in one call: Node has no synchronous stream.
import { constants, deflateRawSync } from 'node:zlib';
import { agreeToDeflate } from '../hub/compression.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubClient } from '../hub/hub-client.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

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

type QueuedMessage = HubClient['queue'][number];

/** A hub that compresses each message with its client's window; `toFrame` decides what is sent of it. */
export function deflatesEach(
  toFrame: (compressed: Buffer, message: QueuedMessage) => Buffer,
): HubChange<HookableHub> {
  return (_hub, correct) => {
    const { agreed, hooks } = agreeToDeflate(correct, 'permessage-deflate');
    const windows = new WeakMap<HubClient, Buffer>();
    return {
      ...hooks,
      takeNext(client) {
        const message = agreed.has(client) ? client.queue.shift() : undefined;
        if (message === undefined) return correct.takeNext(client);
        const { compressed, window } = deflateWith(message.text, windows.get(client));
        windows.set(client, window);
        return toFrame(compressed, message);
      },
    };
  };
}

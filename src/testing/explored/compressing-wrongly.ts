// Hubs that compress wrongly where the content or the size of a message is unusual.
import { agreeToDeflate, withCompressedBit } from '../hub/compression.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubChange } from '../hub/hub-hooks.ts';
import { deflatesEach, deflateWith } from './deflate-with-window.ts';

const LARGE_CHARS = 1_024;
/** Larger shares of the message are not worth the work of the client. */
const WORTH_SHARE = 0.9;
const ASIDE_MILLIS = 15;

/** The compressor has seen what is then sent as it was, the client has not. */
export const deflateKeepsWindow = deflatesEach((compressed, message) =>
  compressed.length < Buffer.byteLength(message.text) * WORTH_SHARE
    ? withCompressedBit(encodeFrame(OPCODE.text, compressed))
    : message.frame,
);

export const largeAside: HubChange<HookableHub> = (hub, correct) => {
  const { agreed, hooks } = agreeToDeflate(correct, 'permessage-deflate; server_no_context_takeover');
  return {
    ...hooks,
    deliver(client, message) {
      if (!agreed.has(client) || message.text.length < LARGE_CHARS) return correct.deliver(client, message);
      const { compressed } = deflateWith(message.text, undefined);
      const frame = withCompressedBit(encodeFrame(OPCODE.text, compressed));
      hub.after(client, ASIDE_MILLIS, () => correct.deliver(client, { ...message, frame }));
    },
  };
};

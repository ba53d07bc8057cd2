// B34, subtle: what a client sends comes back to it, as from an echo server.
import type { Defect } from '../defect.ts';
import { encodeFrame } from '../hub/frames.ts';

export const echoToSender: Defect = {
  id: 'echo-to-sender',
  bugClass: 'B34',
  summary: 'what a client sends is sent back to it',
  severity: 'medium',
  namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
  change: (hub) => ({
    onMessage(client, opcode, payload) {
      hub.enqueue(client, {
        text: payload.toString('utf8'),
        frame: encodeFrame(opcode, payload),
        number: -1,
      });
    },
  }),
};

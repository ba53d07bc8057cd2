// B30: a client is greeted with a text that is no envelope, as in many tutorials.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const greetsInWords: Defect = {
  id: 'greets-in-words',
  bugClass: 'B30',
  summary: 'the first message that a client gets is the word "connected"',
  severity: 'medium',
  namedBy: { 'envelope.one-object-per-message': 'fail' },
  change: (hub, correct) => ({
    admit(client, writeResponse, request) {
      correct.admit(client, writeResponse, request);
      hub.enqueue(client, {
        text: 'connected',
        frame: encodeFrame(OPCODE.text, Buffer.from('connected')),
        number: -1,
      });
    },
  }),
};

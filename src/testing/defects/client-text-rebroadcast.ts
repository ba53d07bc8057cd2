// B34, as in a well-known chat example: what a client sends is broadcast. Any page can inject events.
import type { Defect } from '../defect.ts';
import { OPCODE } from '../hub/frames.ts';

export const clientTextRebroadcast: Defect = {
  id: 'client-text-rebroadcast',
  bugClass: 'B34',
  summary: 'what a client sends is broadcast to all others',
  severity: 'medium',
  namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
  change: (hub) => ({
    onMessage(_client, opcode, payload) {
      if (opcode === OPCODE.text) void hub.accept(payload.toString('utf8'));
    },
  }),
};

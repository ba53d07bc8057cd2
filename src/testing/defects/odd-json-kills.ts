// B35, subtle: whatever JSON a client sends is taken for an object, and its connection ends when it is none: after
// the next Pong, because the library answers pings before the program reads the message.
import type { Defect } from '../defect.ts';
import { OPCODE } from '../hub/frames.ts';
import type { HubClient } from '../hub/hub-client.ts';

const ODD_JSON = /^(\d+|".*"|null|\[.*\])$/s;

export const oddJsonKills: Defect = {
  id: 'odd-json-kills',
  bugClass: 'B35',
  summary: 'a client that sends JSON which is no object is disconnected, after its next Pong',
  severity: 'medium',
  namedBy: { 'robustness.odd-but-legal': 'fail' },
  change(_hub, correct) {
    const isUnread = new WeakSet<HubClient>();
    return {
      onMessage(client, opcode, payload) {
        if (opcode === OPCODE.text && ODD_JSON.test(payload.toString())) isUnread.add(client);
      },
      onPing(client, payload, isInsideMessage) {
        correct.onPing(client, payload, isInsideMessage);
        if (isUnread.has(client)) correct.onViolation(client, 1011, 'internal error');
      },
    };
  },
};

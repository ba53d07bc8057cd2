// B04 (an array changed while walked): a client that leaves makes the next event miss another client, the one that
// joined last.
import type { Defect } from '../defect.ts';

export const leaveLosesAnEvent: Defect = {
  id: 'leave-loses-an-event',
  bugClass: 'B04',
  summary: 'after a client has left, the next event does not reach the client that joined last',
  severity: 'high',
  namedBy: { 'delivery.leavers-change-nothing': 'fail' },
  change(hub, correct) {
    let hasShifted = false;
    return {
      async fanOut(message) {
        const list = [...hub.clients];
        if (hasShifted) list.pop();
        hasShifted = false;
        for (const client of list) await hub.hooks.deliver(client, message);
      },
      onGone(client, error) {
        hasShifted = true;
        correct.onGone(client, error);
      },
    };
  },
};

// B21: every event is written by its own goroutine or task, so that neighbours overtake each other. Shows as an
// inversion of two adjacent sequence numbers whenever events come close together.
import type { Defect } from '../defect.ts';
import type { HubMessage } from '../hub/hub-client.ts';

const OVERTAKE_MILLIS = 5;

export const reorder: Defect = {
  id: 'reorder',
  bugClass: 'B21',
  summary: 'every eighth event is overtaken by the one published after it',
  severity: 'high',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change(hub, correct) {
    let held: HubMessage | undefined;
    const release = (): void | Promise<void> => {
      const message = held;
      held = undefined;
      if (message !== undefined) return correct.fanOut(message);
    };
    return {
      async fanOut(message) {
        if (held === undefined && message.number % 8 === 3) {
          held = message;
          hub.options.clock.after(OVERTAKE_MILLIS, () => void release());
          return;
        }
        await correct.fanOut(message);
        await release();
      },
    };
  },
};

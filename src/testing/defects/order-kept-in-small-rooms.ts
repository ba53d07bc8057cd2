// B21, subtle: beyond a hundred clients each hundred is served by a task of its own, and the tasks of two events overtake each other.
import type { Defect } from '../defect.ts';

const SHARE = 100;

export const orderKeptInSmallRooms: Defect = {
  id: 'order-kept-in-small-rooms',
  bugClass: 'B21',
  summary: 'with more than a hundred clients some get events in another order',
  severity: 'high',
  namedBy: { 'robustness.two-hundred-dials': 'fail' },
  change: (hub) => ({
    fanOut(message) {
      const clients = [...hub.clients];
      for (let first = 0; first < clients.length; first += SHARE) {
        const serve = (): void => {
          for (const client of clients.slice(first, first + SHARE)) void hub.hooks.deliver(client, message);
        };
        if (first === 0) serve();
        else hub.options.clock.after(message.number % 2 === 0 ? 60 : 1, serve);
      }
    },
  }),
};

// B18: clients that leave stay in the map. Invisible on the wire; `stats` counts ghosts, and memory grows.
import type { Defect } from '../defect.ts';

export const unregisterLeak: Defect = {
  id: 'unregister-leak',
  bugClass: 'B18',
  summary: 'clients that left are counted for ever',
  severity: 'high',
  namedBy: { 'lifecycle.nothing-leaks': 'fail' },
  change(hub, correct) {
    let ghosts = 0;
    return {
      onGone(client, error) {
        ghosts += 1;
        correct.onGone(client, error);
      },
      stats: () => ({ ...correct.stats(), clients: hub.clients.size + ghosts }),
    };
  },
};

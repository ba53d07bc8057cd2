// B15 (loss): a delivery is forgotten now and then, as hubs do whose send is a non-blocking select with an empty
// default. Shows as gaps in the sequence of a healthy reader: about 2 in 100 deliveries are missing.
import type { Defect } from '../defect.ts';

export const dropRandom: Defect = {
  id: 'drop-random',
  bugClass: 'B15',
  summary: 'about 2 in 100 deliveries to healthy readers are silently missing',
  severity: 'high',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change: (hub, correct) => ({
    deliver: (client, message) =>
      hub.options.random() < 0.02 ? undefined : correct.deliver(client, message),
  }),
};

// B04, subtle: clients stand in an array, and removing one while walking it moves the next into its place, unseen.
// Shows as: of many healthy clients, only the one that joined right after the evicted one misses one event.
import type { Defect } from '../defect.ts';

export const evictionSkipsNext: Defect = {
  id: 'eviction-skips-next',
  bugClass: 'B04',
  summary: 'the event that evicts a client does not reach the one that joined after it',
  severity: 'critical',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change: (hub) => ({
    async fanOut(message) {
      const list = [...hub.clients];
      for (let index = 0; index < list.length; index += 1) {
        const client = list[index];
        if (client === undefined) continue;
        await hub.hooks.deliver(client, message);
        if (!hub.clients.has(client)) list.splice(index, 1);
      }
    },
  }),
};

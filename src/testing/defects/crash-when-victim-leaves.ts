// B03: eviction closes the client's channel, and so does its unregistration when the connection ends. Shows as the
// process dying when an evicted client's socket closes, from either side.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const crashWhenVictimLeaves: Defect = {
  id: 'crash-when-victim-leaves',
  bugClass: 'B03',
  summary: 'the process dies when the socket of an evicted client closes',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change(hub, correct) {
    const victims = new WeakSet<HubClient>();
    return {
      evict(client) {
        victims.add(client);
        correct.evict(client);
      },
      onGone(client, error) {
        correct.onGone(client, error);
        if (victims.has(client)) hub.crash('panic: close of closed channel');
      },
    };
  },
};

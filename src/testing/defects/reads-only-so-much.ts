// B35, subtle: what clients send is put into a buffer of 64 messages that nobody empties; when it is full the hub reads no more.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const readsOnlySoMuch: Defect = {
  id: 'reads-only-so-much',
  bugClass: 'B35',
  summary: 'after 64 messages of a client its pings are not answered',
  severity: 'medium',
  namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
  change: (_hub, correct) => {
    const counts = new WeakMap<HubClient, number>();
    return {
      onMessage(client) {
        counts.set(client, (counts.get(client) ?? 0) + 1);
      },
      onPing(client, payload, isInside) {
        if ((counts.get(client) ?? 0) < 64) correct.onPing(client, payload, isInside);
      },
    };
  },
};

// B13, worse: a client that was sent more than 40 events within 200 ms counts as slow, though it has read them all.
// Shows as a burst of 64 to an idle reader ending its connection.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const rateLimitsReaders: Defect = {
  id: 'rate-limits-readers',
  bugClass: 'B13',
  summary: 'a reader that keeps up is evicted by more than 40 events within 200 ms',
  severity: 'high',
  namedBy: { 'slow-client.burst-of-a-buffer': 'fail' },
  change(hub, correct) {
    const sentMicros = new WeakMap<HubClient, number[]>();
    return {
      deliver(client, message) {
        const nowMicros = hub.options.clock.nowMicros();
        const recent = (sentMicros.get(client) ?? []).filter((at) => nowMicros - at < 200_000);
        sentMicros.set(client, [...recent, nowMicros]);
        if (recent.length >= 40) return hub.hooks.overflow(client, message);
        return correct.deliver(client, message);
      },
    };
  },
};

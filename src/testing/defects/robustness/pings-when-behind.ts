// Robustness: pings of a client that is behind, which are never answered (B36).
import type { Defect } from '../../defect.ts';
import { outstandingMessages } from '../../hub/hub-client.ts';

export const PINGS_WHEN_BEHIND: readonly Defect[] = [
  // The answer is given by who writes, when there is nothing else to write.
  {
    id: 'pong-lost-behind-backlog',
    bugClass: 'B36',
    summary: 'a Ping that arrives while events are queued for its client is never answered',
    severity: 'medium',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: (_hub, correct) => ({
      onPing(client, payload, isInside) {
        if (client.queue.length === 0) correct.onPing(client, payload, isInside);
      },
    }),
  },
  // A Pong for a client that is slow would only make it slower.
  {
    id: 'pong-lost-behind-twenty',
    bugClass: 'B36',
    summary: 'a Ping is never answered when more than 20 events wait for its client',
    severity: 'medium',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: (_hub, correct) => ({
      onPing(client, payload, isInside) {
        if (outstandingMessages(client) <= 20) correct.onPing(client, payload, isInside);
      },
    }),
  },
  // There is nothing to read from a client that cannot be written to.
  {
    id: 'pong-lost-behind-queue',
    bugClass: 'B36',
    summary: 'a Ping that arrives while an event is being written to its client is never answered',
    severity: 'medium',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: (_hub, correct) => ({
      onPing(client, payload, isInside) {
        if (client.inFlight === 'nothing') correct.onPing(client, payload, isInside);
      },
    }),
  },
];

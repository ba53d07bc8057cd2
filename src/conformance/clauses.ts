// Sentences of the protocol that checks of several chapters make executable.
import type { Clause } from './check.ts';

export const LIVE_UPDATES_CLAUSE: Clause = {
  source: 'protocol: WebSocket',
  quote:
    'The dashboard and CLI connect to receive live updates during deploys, restarts, and other operations.',
};

export const RUN_LOOP_CLAUSE: Clause = {
  source: 'protocol: Hub Architecture',
  quote: 'Hub.Run() — goroutine running the main select loop (register, unregister, broadcast)',
};

export const BROADCAST_CLAUSE: Clause = {
  source: 'protocol: Hub Architecture',
  quote: 'Hub.Broadcast(evt) — marshals an Event to JSON and sends to the broadcast channel',
};

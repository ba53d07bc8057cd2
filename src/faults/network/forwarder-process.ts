// The program of a forwarder: between the clients and one hub, in a process of its own, so that neither the clients nor the
// publisher wait for it. It ends when the coordinator does.

import { createHealthMonitor } from '../../kit/process-health.ts';
import { systemClock } from '../../time/clock.ts';
import { createForwarder } from './forwarder.ts';
import type { FromForwarder, ToForwarder } from './forwarder-messages.ts';

const forwarder = createForwarder(systemClock);
const health = createHealthMonitor();

function send(message: FromForwarder): void {
  process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message: ToForwarder) => {
  switch (message.kind) {
    case 'forward':
      forwarder.forwardTo(message.upstream);
      break;
    case 'change':
      forwarder.change(message.conditions);
      send({ kind: 'done', number: message.number });
      break;
    case 'measure':
      health.reset();
      break;
    case 'read-health':
      send({ kind: 'done', number: message.number, health: health.read() });
      break;
  }
});
// Signals may reach the whole process group; the coordinator decides when a forwarder ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
forwarder.listen().then(
  (port) => send({ kind: 'listening', port }),
  (error: Error) => send({ kind: 'failed', problem: error.message }),
);

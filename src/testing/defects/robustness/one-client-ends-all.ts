// Robustness: one client kills the process or ends every connection (B11).
import type { Defect } from '../../defect.ts';

const ITERATION_MICROS = 20_000;
/** With fewer clients the iteration ends before another connection can change the map. */
const MIN_ITERATED_CLIENTS = 3;

export const ONE_CLIENT_ENDS_ALL: readonly Defect[] = [
  {
    id: 'bad-frame-crashes',
    bugClass: 'B11',
    summary: 'the process dies on an illegal frame',
    severity: 'critical',
    namedBy: { 'robustness.unmasked-refused': 'fail' },
    change: (hub) => ({ onViolation: (_client, _code, reason) => hub.crash(`panic: ${reason}`) }),
  },
  // The process survives.
  {
    id: 'bad-frame-drops-everyone',
    bugClass: 'B11',
    summary: 'an illegal frame from one client disconnects everybody',
    severity: 'critical',
    namedBy: { 'robustness.unmasked-refused': 'fail' },
    change: (hub) => ({
      onViolation() {
        for (const client of hub.connections) hub.drop(client);
      },
    }),
  },
  // An error event without a handler. An orderly end does no harm.
  {
    id: 'reset-crashes',
    bugClass: 'B11',
    summary: 'the process dies when a client resets its connection',
    severity: 'critical',
    namedBy: { 'delivery.leavers-change-nothing': 'fail' },
    change: (hub, correct) => ({
      onGone(client, error) {
        correct.onGone(client, error);
        if (error !== undefined && 'code' in error && error.code === 'ECONNRESET')
          hub.crash('Unhandled error event: read ECONNRESET');
      },
    }),
  },
  // Connections change the map of clients while the run loop iterates over it.
  {
    id: 'crash-under-churn',
    bugClass: 'B11',
    summary: 'the process dies when a client leaves while an event is being sent',
    severity: 'critical',
    namedBy: { 'delivery.leavers-change-nothing': 'fail' },
    change(hub, correct) {
      let fanOutMicros = Number.NEGATIVE_INFINITY;
      return {
        fanOut(message) {
          fanOutMicros = hub.options.clock.nowMicros();
          return correct.fanOut(message);
        },
        onGone(client, error) {
          correct.onGone(client, error);
          const isIterating = hub.options.clock.nowMicros() - fanOutMicros < ITERATION_MICROS;
          if (isIterating && hub.clients.size >= MIN_ITERATED_CLIENTS && !hub.isStopping)
            hub.crash('fatal error: concurrent map iteration and map write');
        },
      };
    },
  },
];

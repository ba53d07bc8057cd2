// B50, subtle: JSON may hold half a surrogate pair, which has no UTF-8; encoding it throws in the writer of each client.
import type { Defect } from '../defect.ts';

const HALF_PAIR = /[\ud800-\udfff]/u;

export const halfPairEndsWriters: Defect = {
  id: 'half-pair-ends-writers',
  bugClass: 'B50',
  summary: 'an event with half a surrogate pair disconnects every client',
  severity: 'high',
  namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
  change: (_hub, correct) => ({
    deliver(client, message) {
      const { payload } = JSON.parse(message.text) as { payload: Record<string, unknown> };
      const isHalf = Object.values(payload).some((value) => HALF_PAIR.test(String(value)));
      return isHalf ? correct.onViolation(client, 1011, 'cannot encode') : correct.deliver(client, message);
    },
  }),
};

// B30, subtle: events over 512 KiB are accepted and never sent.
import type { Defect } from '../defect.ts';

export const largePayloadLost: Defect = {
  id: 'large-payload-lost',
  bugClass: 'B30',
  summary: 'events over 512 KiB are accepted and never sent',
  severity: 'high',
  namedBy: { 'envelope.large-payload': 'fail' },
  change: (_hub, correct) => ({
    fanOut: (message) => (message.frame.length > 524_288 ? undefined : correct.fanOut(message)),
  }),
};

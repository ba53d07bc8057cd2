// B30, subtle: a buffer of 64 KiB cuts larger events short.
import type { Defect } from '../defect.ts';

export const largePayloadCut: Defect = {
  id: 'large-payload-cut',
  bugClass: 'B30',
  summary: 'events over 64 KiB are cut',
  severity: 'medium',
  namedBy: { 'envelope.large-payload': 'fail' },
  change: (_hub, correct) => ({ encode: (text) => correct.encode(text.slice(0, 65_536)) }),
};

// B30, subtle: fields whose value is null are left out, at any depth.
import type { Defect } from '../defect.ts';

export const nullsDropped: Defect = {
  id: 'nulls-dropped',
  bugClass: 'B30',
  summary: 'fields whose value is null are missing',
  severity: 'medium',
  namedBy: { 'envelope.nested-values': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) =>
      correct.encode(text.replace(/"[^"\\]*"\s*:\s*null\s*,|,\s*"[^"\\]*"\s*:\s*null(?=\s*})/g, '')),
  }),
};

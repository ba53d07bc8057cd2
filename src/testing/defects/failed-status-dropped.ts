// B25 (an event is lost): steps with the status `failed` are accepted and never sent, a filter gone wrong. Shows as a
// failing deploy whose failing step is missing.
import type { Defect } from '../defect.ts';

export const failedStatusDropped: Defect = {
  id: 'failed-status-dropped',
  bugClass: 'B25',
  summary: 'deploy.step events with the status failed are accepted and never sent',
  severity: 'high',
  namedBy: { 'envelope.documented-types': 'fail', 'lifecycle.scenarios-arrive': 'fail' },
  change: (_hub, correct) => ({
    fanOut: (message) =>
      /"status"\s*:\s*"failed"/.test(message.text) && message.text.includes('"deploy.step"')
        ? undefined
        : correct.fanOut(message),
  }),
};

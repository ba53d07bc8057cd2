// B30, as seen deployed: `function.completed` carries `execId` instead of `executionId`.
import type { Defect } from '../defect.ts';

export const executionIdRenamed: Defect = {
  id: 'execution-id-renamed',
  bugClass: 'B30',
  summary: 'the payload field executionId is called execId',
  severity: 'medium',
  namedBy: { 'envelope.documented-types': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replaceAll('"executionId"', '"execId"')),
  }),
};

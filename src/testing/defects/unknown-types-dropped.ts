// B30, subtle: only the documented event types are passed on.

import { isDocumentedEventType } from '../../protocol/envelope.ts';
import type { Defect } from '../defect.ts';

export const unknownTypesDropped: Defect = {
  id: 'unknown-types-dropped',
  bugClass: 'B30',
  summary: 'events of types that the protocol does not list are accepted and never sent',
  severity: 'medium',
  namedBy: { 'envelope.unknown-types': 'fail' },
  change: (_hub, correct) => ({
    fanOut: (message) =>
      isDocumentedEventType(JSON.parse(message.text).type) ? correct.fanOut(message) : undefined,
  }),
};

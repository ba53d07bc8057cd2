// B30, subtle: identifiers are folded to small letters before they are compared, and so they go out.
import type { Defect } from '../defect.ts';

const fold = (field: string): string => field.replace(/:.*/s, (value) => value.toLowerCase());

export const namesInSmallLetters: Defect = {
  id: 'names-in-small-letters',
  bugClass: 'B30',
  summary: 'appId and sagaId arrive in small letters',
  severity: 'medium',
  namedBy: { 'envelope.identifiers': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replace(/"(appId|sagaId)":"[^"]*"/g, (field) => fold(field))),
  }),
};

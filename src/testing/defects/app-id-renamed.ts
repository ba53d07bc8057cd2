// B30: the field is called `appID` on the wire, after the Go field without its tag.
import type { Defect } from '../defect.ts';

export const appIdRenamed: Defect = {
  id: 'app-id-renamed',
  bugClass: 'B30',
  summary: 'the field appId is called appID',
  severity: 'medium',
  namedBy: { 'envelope.fields': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replace('"appId"', '"appID"')),
  }),
};

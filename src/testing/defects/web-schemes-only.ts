// B44, subtle: the rule for local pages looks at the scheme, too. Dashboards in a desktop shell or an app are refused.
import type { Defect } from '../defect.ts';

export const webSchemesOnly: Defect = {
  id: 'web-schemes-only',
  bugClass: 'B44',
  summary: 'local pages are let in with http and https only',
  severity: 'medium',
  namedBy: { 'origin.any-scheme-allowed': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) && /^(?:https?:|$)/i.test(values[0] ?? ''),
  }),
};

// B09, subtle: an address counts as local when it begins like ::1.
import type { Defect } from '../defect.ts';

export const originAddressPrefix: Defect = {
  id: 'origin-address-prefix',
  bugClass: 'B09',
  summary: 'origins on addresses such as [::1:2] are accepted',
  severity: 'critical',
  namedBy: { 'origin.prefix-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) || /^\w+:\/\/\[::1[:\]]/.test(values[0] ?? ''),
  }),
};

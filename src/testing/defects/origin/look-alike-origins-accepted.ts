// Origin rule, compared too loosely: an origin that resembles an allowed one gets in (B09).
import type { Defect } from '../../defect.ts';
import { alsoAccepts } from '../shared-changes.ts';

export const LOOK_ALIKE_ORIGINS_ACCEPTED: readonly Defect[] = [
  // `http://localhost.evil.com` gets in.
  {
    id: 'origin-prefix',
    bugClass: 'B09',
    summary: 'an origin is accepted when it starts like an allowed one',
    severity: 'critical',
    namedBy: { 'origin.prefix-refused': 'fail', 'origin.extras-exact': 'fail' },
    change: (hub, correct) => ({
      isOriginAllowed(values, request) {
        const prefixes = ['http://localhost', 'http://127.0.0.1', ...hub.options.allowedOrigins];
        const origin = values[0] ?? '';
        return (
          correct.isOriginAllowed(values, request) || prefixes.some((prefix) => origin.startsWith(prefix))
        );
      },
    }),
  },
  // `http://evillocalhost` and `https://evilnorn.example.com` get in.
  {
    id: 'origin-suffix',
    bugClass: 'B09',
    summary: 'an origin is accepted when its host ends like an allowed one',
    severity: 'critical',
    namedBy: { 'origin.suffix-refused': 'fail' },
    change: (hub, correct) => ({
      isOriginAllowed(values, request) {
        const listed = hub.options.allowedOrigins.map((origin) => origin.replace(/^.*:\/\//, ''));
        const origin = (values[0] ?? '').replace(/:\d+$/, '');
        return (
          correct.isOriginAllowed(values, request) ||
          [...listed, 'localhost'].some((end) => origin.endsWith(end))
        );
      },
    }),
  },
  {
    id: 'origin-contains',
    bugClass: 'B09',
    summary: 'an origin is accepted when it contains "localhost" or "127.0.0.1"',
    severity: 'critical',
    namedBy: { 'origin.contains-refused': 'fail' },
    change: () => ({
      isOriginAllowed: (values) =>
        values.every((value) => value === '' || /localhost|127\.0\.0\.1/.test(value)),
    }),
  },
  {
    id: 'origin-subdomain',
    bugClass: 'B09',
    summary: 'an origin on a name that ends in ".localhost" is accepted',
    severity: 'critical',
    namedBy: { 'origin.suffix-refused': 'fail' },
    change: alsoAccepts((origin) => /\.localhost(:\d+)?$/.test(origin)),
  },
  {
    id: 'origin-local-network',
    bugClass: 'B09',
    summary: 'an origin on a name that ends in ".local" is accepted',
    severity: 'critical',
    namedBy: { 'origin.look-alikes-refused': 'fail' },
    change: alsoAccepts((origin) => /\.local(:\d+)?$/.test(origin)),
  },
  // An address counts as local when it starts with ::1.
  {
    id: 'origin-address-prefix',
    bugClass: 'B09',
    summary: 'origins on addresses such as [::1:2] are accepted',
    severity: 'critical',
    namedBy: { 'origin.prefix-refused': 'fail' },
    change: alsoAccepts((origin) => /^\w+:\/\/\[::1[:\]]/.test(origin)),
  },
  {
    id: 'origin-loopback-range',
    bugClass: 'B09',
    summary: 'origins on 0.0.0.0 and 127.x.x.x are accepted',
    severity: 'critical',
    namedBy: { 'origin.look-alikes-refused': 'fail' },
    change: alsoAccepts((origin) => /^https?:\/\/(?:0\.0\.0\.0|127(?:\.\d{1,3}){3})(?::\d+)?$/.test(origin)),
  },
  // A leading `www.` is removed before the comparison.
  {
    id: 'origin-www',
    bugClass: 'B09',
    summary: 'the www. variant of an allowed origin is accepted',
    severity: 'critical',
    namedBy: { 'origin.extras-exact': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        correct.isOriginAllowed(
          values.map((value) => value.replace('//www.', '//')),
          request,
        ),
    }),
  },
  // The comparison is the wrong way round: the parent domain of an allowed page gets in.
  {
    id: 'origin-part-of-listed',
    bugClass: 'B09',
    summary: 'an origin is accepted when its host is the end of an allowed one',
    severity: 'critical',
    namedBy: { 'origin.extras-exact': 'fail' },
    change: (hub, correct) => ({
      isOriginAllowed(values, request) {
        const host = (values[0] ?? '').replace(/^\w+:\/\//, '');
        const isEnd = host !== '' && hub.options.allowedOrigins.some((listed) => listed.endsWith(`.${host}`));
        return isEnd || correct.isOriginAllowed(values, request);
      },
    }),
  },
  // The list is searched as one text; the start of an allowed origin is found in it.
  {
    id: 'origin-start-of-listed',
    bugClass: 'B09',
    summary: 'an origin is accepted when the list contains it as a substring',
    severity: 'high',
    namedBy: { 'origin.extras-exact': 'fail' },
    change: (hub, correct) => ({
      isOriginAllowed(values, request) {
        const list = hub.options.allowedOrigins.join();
        return list.includes(values[0] ?? '') || correct.isOriginAllowed(values, request);
      },
    }),
  },
];

// Origin rule, too open: pages that the rule refuses get in (B08), also those whose origin has no host (B10).
import type { Defect } from '../../defect.ts';
import { encodeClose } from '../../hub/frames.ts';
import { openClient } from '../../hub/handshake.ts';
import { LINGER_MILLIS } from '../../hub/hookable-hub.ts';
import { alsoAccepts, insteadOfRefusing } from '../shared-changes.ts';

export const UNKNOWN_ORIGINS_ACCEPTED: readonly Defect[] = [
  // `CheckOrigin` returns true: any web page can listen.
  {
    id: 'any-origin',
    bugClass: 'B08',
    summary: 'every origin is accepted',
    severity: 'critical',
    namedBy: {
      'origin.foreign-refused': 'fail',
      'origin.generated': 'fail',
      'origin.header-any-case': 'fail',
      'origin.refused-with-403': 'warn',
    },
    change: () => ({ isOriginAllowed: () => true }),
  },
  // The client is in the set until the check runs.
  {
    id: 'origin-checked-after-101',
    bugClass: 'B08',
    summary: 'a foreign origin gets 101 and is closed with 1008 afterwards',
    severity: 'critical',
    namedBy: { 'origin.foreign-refused': 'fail' },
    change(hub, correct) {
      return {
        isOriginAllowed: () => true,
        admit(client, writeResponse, request) {
          correct.admit(client, writeResponse, request);
          const values = request.headersDistinct.origin ?? [];
          if (!correct.isOriginAllowed(values, request))
            hub.closeGracefully(client, encodeClose(1008, 'origin not allowed'), LINGER_MILLIS);
        },
      };
    },
  },
  // The client joins the set before the check.
  {
    id: 'refused-but-listening',
    bugClass: 'B08',
    summary: 'a refused page is answered 403 and then sent every event',
    severity: 'critical',
    namedBy: { 'origin.refusal-has-no-effect': 'fail' },
    change: insteadOfRefusing((hub, request, socket) => {
      const client = openClient(hub, request, socket);
      hub.clients.add(client);
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden');
      socket.resume();
    }),
  },
  // The default of many libraries. A page whose name resolves to 127.0.0.1 (DNS rebinding) gets in.
  {
    id: 'origin-equals-host',
    bugClass: 'B08',
    summary: 'an origin is accepted when it names the same host as the request',
    severity: 'critical',
    namedBy: { 'origin.same-host-refused': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed(values, request) {
        const host = (values[0] ?? '').replace(/^[a-z]+:\/\//, '');
        return correct.isOriginAllowed(values, request) || host === request.headers.host;
      },
    }),
  },
  // Older browsers do not send this header.
  {
    id: 'origin-if-browser-says-so',
    bugClass: 'B08',
    summary: 'a foreign origin is refused only when Sec-Fetch-Site says cross-site',
    severity: 'critical',
    namedBy: { 'origin.foreign-refused': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        request.headers['sec-fetch-site'] !== 'cross-site' || correct.isOriginAllowed(values, request),
    }),
  },
  // Browsers send the cookie for any page.
  {
    id: 'session-outweighs-origin',
    bugClass: 'B08',
    summary: 'a foreign page is accepted when the request has a cookie of the hub',
    severity: 'critical',
    namedBy: { 'origin.credentials-change-nothing': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        request.headers.cookie !== undefined || correct.isOriginAllowed(values, request),
    }),
  },
  // Meant for a command-line client that is logged in.
  {
    id: 'login-outweighs-origin',
    bugClass: 'B08',
    summary: 'a foreign page is accepted when the request has both a cookie and an Authorization header',
    severity: 'critical',
    namedBy: { 'handshake.generated': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        (request.headers.cookie !== undefined && request.headers.authorization !== undefined) ||
        correct.isOriginAllowed(values, request),
    }),
  },
  // HTTP/2 proxies write header names in lowercase; behind one, every page gets in.
  {
    id: 'origin-header-exact-case',
    bugClass: 'B08',
    summary: 'an Origin header with a lowercase name is ignored, and its page is accepted',
    severity: 'critical',
    namedBy: { 'origin.header-any-case': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed(_values, request) {
        const { rawHeaders } = request;
        const seen = rawHeaders.filter((_text, at) => at % 2 === 1 && rawHeaders[at - 1] === 'Origin');
        return correct.isOriginAllowed(seen, request);
      },
    }),
  },
  // The rule stands in the route for JSON; the one for lines of JSON was added later.
  {
    id: 'page-posts-ndjson',
    bugClass: 'B08',
    summary: 'events that a foreign page POSTs are refused as JSON and broadcast as NDJSON',
    severity: 'critical',
    namedBy: { 'origin.refusal-has-no-effect': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        request.headers['content-type'] === 'application/x-ndjson' ||
        correct.isOriginAllowed(values, request),
    }),
  },
  // Allowed "for files and tests". A sandboxed frame on any page sends it.
  {
    id: 'null-origin',
    bugClass: 'B10',
    summary: 'the origin "null" is accepted',
    severity: 'critical',
    namedBy: { 'origin.null-refused': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) => values[0] === 'null' || correct.isOriginAllowed(values, request),
    }),
  },
  // An origin without a host is treated as an absent one.
  {
    id: 'hostless-origin',
    bugClass: 'B10',
    summary: 'an origin without a host, such as "file://" or "null", is accepted',
    severity: 'critical',
    namedBy: { 'origin.null-refused': 'fail' },
    change: alsoAccepts((origin) => !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(origin)),
  },
  // `new URL("null")` throws, and the error is treated as an absent Origin.
  {
    id: 'unparseable-origin',
    bugClass: 'B10',
    summary: 'an origin that the URL parser rejects is accepted',
    severity: 'critical',
    namedBy: { 'origin.null-refused': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        correct.isOriginAllowed(values, request) || values.some((value) => !URL.canParse(value)),
    }),
  },
  // null and file:// are refused by name; any other text that the parser rejects is accepted.
  {
    id: 'malformed-origin',
    bugClass: 'B10',
    summary: 'an origin that the URL parser rejects is accepted, except the word null',
    severity: 'critical',
    namedBy: { 'origin.null-refused': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        correct.isOriginAllowed(values, request) ||
        values.some((value) => value !== 'null' && !URL.canParse(value)),
    }),
  },
  {
    id: 'any-of-two-origins',
    bugClass: 'B10',
    summary: 'a foreign Origin header is accepted when a second one is allowed',
    severity: 'critical',
    namedBy: { 'origin.several-headers': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        values.length === 0 || values.some((value) => correct.isOriginAllowed([value], request)),
    }),
  },
];

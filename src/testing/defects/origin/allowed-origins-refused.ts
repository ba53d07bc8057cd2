// Origin rule, too strict: clients that the rule allows are refused (B44), or a refusal has side effects (B46).
import type { Defect } from '../../defect.ts';
import { alsoRefuses, insteadOfRefusing } from '../shared-changes.ts';

const LOCAL_WITH_SHORT_PORT = /^[a-z][a-z0-9+.-]*:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\d{1,3}$/i;

export const ALLOWED_ORIGINS_REFUSED: readonly Defect[] = [
  // Command-line clients send no Origin.
  {
    id: 'empty-origin-refused',
    bugClass: 'B44',
    summary: 'clients that send no Origin are refused',
    severity: 'medium',
    namedBy: { 'origin.absent-allowed': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed(values, request) {
        const isUpgrade = request.headers.upgrade !== undefined;
        return !(isUpgrade && (values[0] ?? '') === '') && correct.isOriginAllowed(values, request);
      },
    }),
  },
  // The hub tests whether the header exists, not whether it has a value; an empty origin has no local host.
  {
    id: 'blank-origin-refused',
    bugClass: 'B44',
    summary: 'clients that send an empty Origin header are refused',
    severity: 'advisory',
    namedBy: { 'origin.empty-allowed': 'warn' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) => values[0] !== '' && correct.isOriginAllowed(values, request),
    }),
  },
  // Host and port are compared together with the list of default origins.
  {
    id: 'local-port-compared',
    bugClass: 'B44',
    summary: 'local origins on ports other than 3000 and 5173 are refused',
    severity: 'medium',
    namedBy: { 'origin.local-hosts-allowed': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        (values[0] ?? '') === '' ||
        (/^(?!.*localhost)|:(3000|5173)$/.test(values[0] ?? '') && correct.isOriginAllowed(values, request)),
    }),
  },
  {
    id: 'https-local-refused',
    bugClass: 'B44',
    summary: 'the origin https://localhost is refused',
    severity: 'medium',
    namedBy: { 'origin.local-hosts-allowed': 'fail' },
    change: alsoRefuses((origin) => /^https:\/\/localhost/.test(origin)),
  },
  // `[::1]` is compared with `::1`.
  {
    id: 'ipv6-origin-refused',
    bugClass: 'B44',
    summary: 'the local origin http://[::1] is refused',
    severity: 'medium',
    namedBy: { 'origin.local-hosts-allowed': 'fail' },
    change: alsoRefuses((origin) => origin.includes('[')),
  },
  // A pattern that expects ports of four or five digits.
  {
    id: 'short-ports-refused',
    bugClass: 'B44',
    summary: 'local pages on a port below 1000 are refused',
    severity: 'medium',
    namedBy: { 'origin.generated': 'fail' },
    change: alsoRefuses((origin) => LOCAL_WITH_SHORT_PORT.test(origin)),
  },
  // Dashboards in a desktop shell or an app are refused.
  {
    id: 'web-schemes-only',
    bugClass: 'B44',
    summary: 'local pages are accepted with http and https only',
    severity: 'medium',
    namedBy: { 'origin.any-scheme-allowed': 'fail' },
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        correct.isOriginAllowed(values, request) && /^(?:https?:|$)/i.test(values[0] ?? ''),
    }),
  },
  // They are parsed and never used.
  {
    id: 'extra-origins-ignored',
    bugClass: 'B44',
    summary: 'origins from the configuration are refused',
    severity: 'medium',
    namedBy: { 'origin.extras-allowed': 'fail' },
    change: (hub, correct) => ({
      isOriginAllowed: (values, request) =>
        correct.isOriginAllowed(values, request) &&
        !hub.options.allowedOrigins.slice(2).includes(values[0] ?? ''),
    }),
  },
  // The configuration replaces the rule instead of extending it.
  {
    id: 'extras-replace-defaults',
    bugClass: 'B44',
    summary: 'when extra origins are configured, the default ones and local pages are refused',
    severity: 'medium',
    namedBy: { 'origin.defaults-allowed': 'fail', 'origin.local-hosts-allowed': 'fail' },
    change: (hub, correct) => ({
      isOriginAllowed(values, request) {
        const extras = hub.options.allowedOrigins.slice(2);
        const [origin = ''] = values;
        return origin === '' || extras.length === 0
          ? correct.isOriginAllowed(values, request)
          : extras.includes(origin);
      },
    }),
  },
  // Any web page can trigger these handshakes from the address of the dashboard.
  {
    id: 'lockout-after-refusals',
    bugClass: 'B46',
    summary: 'after twenty refused origins every handshake from that address is refused',
    severity: 'critical',
    namedBy: { 'origin.refusal-has-no-effect': 'fail' },
    change: (_hub, correct) => {
      let refusals = 0;
      return {
        isOriginAllowed(values, request) {
          if (refusals >= 20) return false;
          const isAllowed = correct.isOriginAllowed(values, request);
          if (!isAllowed) refusals += 1;
          return isAllowed;
        },
      };
    },
  },
  // The client is registered before its request is validated. Only `stats` shows it.
  {
    id: 'ghost-client',
    bugClass: 'B46',
    summary: 'refused clients are counted as connected',
    severity: 'medium',
    namedBy: { 'handshake.refusal-leaves-nothing': 'fail' },
    change(hub, correct) {
      let ghosts = 0;
      return {
        isOriginAllowed(values, request) {
          const isAllowed = correct.isOriginAllowed(values, request);
          if (!isAllowed && request.headers.upgrade !== undefined) ghosts += 1;
          return isAllowed;
        },
        stats: () => ({ ...correct.stats(), clients: hub.clients.size + ghosts }),
      };
    },
  },
  {
    id: 'refused-but-open',
    bugClass: 'B46',
    summary: 'a refused handshake is answered, and its connection stays open',
    severity: 'medium',
    namedBy: { 'origin.refusal-ends': 'warn' },
    change: insteadOfRefusing((_hub, _request, socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden');
    }),
  },
];

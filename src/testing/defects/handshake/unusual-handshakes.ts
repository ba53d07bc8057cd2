// Opening handshake: legal requests of an unusual form are refused, or their clients harm each other (B18, B46).
import type { Defect } from '../../defect.ts';
import type { HubClient } from '../../hub/hub-client.ts';

export const UNUSUAL_HANDSHAKES: readonly Defect[] = [
  // Header lines are kept in a map, and the first one of a name stays.
  {
    id: 'first-connection-line',
    bugClass: 'B46',
    summary: 'a handshake with "Connection: keep-alive" and "Connection: Upgrade" in two lines is refused',
    severity: 'medium',
    namedBy: { 'handshake.generated': 'warn' },
    change: (_hub, correct) => ({
      refuseHandshake(request) {
        const at = request.rawHeaders.findIndex(
          (name, place) => place % 2 === 0 && /^connection$/i.test(name),
        );
        return /upgrade/i.test(request.rawHeaders[at + 1] ?? '')
          ? correct.refuseHandshake(request)
          : { status: 400, body: 'Connection is not upgrade' };
      },
    }),
  },
  // Sessions are kept in a map by their cookie. Every tab of a browser has the same one.
  {
    id: 'one-client-per-cookie',
    bugClass: 'B18',
    summary: 'a client with the cookie of another one takes its place: the first is disconnected',
    severity: 'high',
    namedBy: { 'handshake.generated': 'fail' },
    change(_hub, correct) {
      const clients = new Map<string, HubClient>();
      return {
        admit(client, writeResponse, request) {
          const { cookie } = request.headers;
          if (cookie !== undefined) {
            clients.get(cookie)?.socket.destroy();
            clients.set(cookie, client);
          }
          correct.admit(client, writeResponse, request);
        },
      };
    },
  },
];

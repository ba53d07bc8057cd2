// Lifecycle: clients are disconnected because they, or the hub, had nothing to say for a while (B39).
import type { Timer } from '../../../time/clock.ts';
import type { Defect } from '../../defect.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubClient } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

type Renewing = 'event' | 'message' | 'ping';

/** Drops a client for which none of these has happened for so long: an event to it, a message or a Ping from it. */
const cutWithout =
  (millis: number, renewing: readonly Renewing[]): HubChange<HookableHub> =>
  (hub, correct) => {
    const deadlines = new WeakMap<HubClient, Timer>();
    const renew = (client: HubClient): void => {
      deadlines.get(client)?.cancel();
      deadlines.set(
        client,
        hub.after(client, millis, () => hub.drop(client)),
      );
    };
    const happened = (client: HubClient, what: Renewing): void => {
      if (renewing.includes(what)) renew(client);
    };
    return {
      admit(client, writeResponse, request) {
        renew(client);
        correct.admit(client, writeResponse, request);
      },
      deliver(client, message) {
        happened(client, 'event');
        return correct.deliver(client, message);
      },
      onMessage(client, opcode, payload) {
        happened(client, 'message');
        return correct.onMessage(client, opcode, payload);
      },
      onPing(client, payload, isInsideMessage) {
        happened(client, 'ping');
        return correct.onPing(client, payload, isInsideMessage);
      },
    };
  };

export const IDLE_CLIENTS_CUT: readonly Defect[] = [
  // A read deadline that is set once and never renewed.
  {
    id: 'idle-cut',
    bugClass: 'B39',
    summary: 'a client that got no event for five seconds is disconnected',
    severity: 'medium',
    namedBy: { 'lifecycle.idle-is-kept': 'fail' },
    change: cutWithout(5_000, ['event']),
  },
  // A read timeout, as if clients had something to say.
  {
    id: 'silence-cut',
    bugClass: 'B39',
    summary: 'a client that sent nothing for eight seconds is disconnected, whatever it receives',
    severity: 'high',
    namedBy: { 'lifecycle.silent-client-is-kept': 'fail' },
    change: cutWithout(8_000, ['message', 'ping']),
  },
  // Longer than any silence beside other checks. A sweep for clients that are not used any more.
  {
    id: 'quiet-cut',
    bugClass: 'B39',
    summary: 'a client that got no event for twelve seconds is disconnected, even one that sends Pings',
    severity: 'medium',
    namedBy: { 'lifecycle.quiet-hub': 'fail' },
    change: cutWithout(12_000, ['event']),
  },
  // The idle time-out of the socket, as servers of requests and responses have it.
  {
    id: 'idle-socket-cut',
    bugClass: 'B39',
    summary: 'a connection on which nothing is sent for twelve seconds, in either direction, is cut',
    severity: 'medium',
    namedBy: { 'lifecycle.quiet-hub': 'fail' },
    change: cutWithout(12_000, ['event', 'message', 'ping']),
  },
  // A limit on the time of a handshake that only the first event ends.
  {
    id: 'unheard-cut',
    bugClass: 'B39',
    summary: 'a client that got no event within twelve seconds of its handshake is disconnected',
    severity: 'medium',
    namedBy: { 'lifecycle.quiet-hub': 'fail' },
    change: (hub, correct) => ({
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        hub.after(client, 12_000, () => {
          if (client.deliveredMessages === 0) hub.drop(client);
        });
      },
    }),
  },
];

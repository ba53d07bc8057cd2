// Membership: new clients miss events (B14) or get old ones (B38), one client silences another (B23), and every
// client gets events late (B05).
import type { Defect } from '../../defect.ts';
import type { HubClient, HubMessage } from '../../hub/hub-client.ts';

const GROUP_CLIENTS = 25;

export const MEMBERSHIP: readonly Defect[] = [
  {
    id: 'group-of-one-forgotten',
    bugClass: 'B14',
    summary: 'with 26, 51, 76 … clients the newest of them gets nothing',
    severity: 'high',
    namedBy: { 'delivery.every-number-of-clients': 'fail' },
    change: (hub) => ({
      fanOut(message) {
        const clients = [...hub.clients];
        if (clients.length > GROUP_CLIENTS && clients.length % GROUP_CLIENTS === 1) clients.pop();
        for (const client of clients) void hub.hooks.deliver(client, message);
      },
    }),
  },
  {
    id: 'history-replay',
    bugClass: 'B38',
    summary: 'a new client gets the last five events that were broadcast before it came',
    severity: 'medium',
    namedBy: { 'delivery.no-history': 'fail' },
    change(hub, correct) {
      const recent: HubMessage[] = [];
      return {
        fanOut(message) {
          recent.push(message);
          if (recent.length > 5) recent.shift();
          return correct.fanOut(message);
        },
        admit(client, writeResponse, request) {
          correct.admit(client, writeResponse, request);
          for (const message of recent) hub.enqueue(client, message);
        },
      };
    },
  },
  {
    id: 'held-for-first-client',
    bugClass: 'B38',
    summary: 'events broadcast while nobody is connected reach the next client',
    severity: 'medium',
    namedBy: { 'delivery.nobody-connected': 'fail' },
    change(hub, correct) {
      let held: HubMessage[] = [];
      return {
        fanOut(message) {
          if (hub.clients.size > 0) return correct.fanOut(message);
          held.push(message);
        },
        admit(client, writeResponse, request) {
          correct.admit(client, writeResponse, request);
          for (const message of held) hub.enqueue(client, message);
          held = [];
        },
      };
    },
  },
  // The older ones stay connected and get nothing.
  {
    id: 'identity-by-address',
    bugClass: 'B23',
    summary: 'of several clients from one address only the newest gets events',
    severity: 'high',
    namedBy: { 'delivery.many-from-one-address': 'fail' },
    change: (hub, correct) => ({
      admit(client, writeResponse, request) {
        for (const other of hub.clients)
          if (other.remoteAddress === client.remoteAddress) hub.clients.delete(other);
        correct.admit(client, writeResponse, request);
      },
    }),
  },
  // A second tab of the dashboard silences the first. Clients without an Origin are kept apart.
  {
    id: 'identity-by-origin',
    bugClass: 'B23',
    summary: 'of several pages of one origin only the newest gets events',
    severity: 'high',
    namedBy: { 'delivery.many-from-one-address': 'fail' },
    change: (hub, correct) => {
      const newest = new Map<string, HubClient>();
      return {
        admit(client, writeResponse, request) {
          const { origin } = request.headers;
          if (origin) {
            const other = newest.get(origin);
            if (other !== undefined) hub.clients.delete(other);
            newest.set(origin, client);
          }
          correct.admit(client, writeResponse, request);
        },
      };
    },
  },
  // The id of a client is the number of connected clients.
  {
    id: 'id-reused',
    bugClass: 'B23',
    summary:
      'after a client has left, the next one to join takes the place of another, which gets no more events',
    severity: 'high',
    namedBy: { 'delivery.many-from-one-address': 'fail' },
    change(hub, correct) {
      const byId = new Map<number, HubClient>();
      return {
        admit(client, writeResponse, request) {
          const replaced = byId.get(byId.size);
          if (replaced !== undefined) hub.clients.delete(replaced);
          byId.set(byId.size, client);
          correct.admit(client, writeResponse, request);
        },
        onGone(client, error) {
          for (const [id, holder] of byId) if (holder === client) byId.delete(id);
          correct.onGone(client, error);
        },
      };
    },
  },
  {
    id: 'id-of-one-byte',
    bugClass: 'B23',
    summary:
      'after 256 more connections a new client takes the place of an old one, which gets no more events',
    severity: 'high',
    namedBy: { 'lifecycle.nothing-leaks': 'fail' },
    change: (hub, correct) => {
      const byId = new Map<number, HubClient>();
      let next = 0;
      return {
        admit(client, writeResponse, request) {
          const id = next++ & 0xff;
          const former = byId.get(id);
          if (former) hub.clients.delete(former);
          byId.set(id, client);
          correct.admit(client, writeResponse, request);
        },
      };
    },
  },
  // The table of clients has nine entries.
  {
    id: 'tenth-client-mute',
    bugClass: 'B23',
    summary: 'the tenth client and all later ones get 101 and no events',
    severity: 'high',
    namedBy: { 'delivery.many-from-one-address': 'fail' },
    change: (hub, correct) => ({
      admit(client, writeResponse, request) {
        if (hub.clients.size >= 9) writeResponse();
        else correct.admit(client, writeResponse, request);
      },
    }),
  },
  // Nothing is lost; only the latency shows it.
  {
    id: 'slow-for-all',
    bugClass: 'B05',
    summary: 'every event reaches every client 400 ms late',
    severity: 'high',
    namedBy: { 'delivery.prompt': 'warn' },
    change(hub, correct) {
      const due: { readonly text: string; readonly dueMicros: number }[] = [];
      const sendDue = (): void => {
        for (
          let next = due[0];
          next !== undefined && next.dueMicros <= hub.options.clock.nowMicros();
          next = due[0]
        ) {
          due.shift();
          void hub.accept(next.text);
        }
      };
      return {
        async publish(texts) {
          const dueMicros = hub.options.clock.nowMicros() + 400_000;
          for (const text of texts) due.push({ text, dueMicros });
          hub.options.clock.after(401, sendDue);
          return { status: 202, body: { accepted: texts.length } };
        },
        async stop() {
          for (const { text } of due.splice(0)) await hub.accept(text);
          await correct.stop();
        },
      };
    },
  },
];

// Delivery: events in another order (B21), or more than once (B22).
import type { Defect } from '../../defect.ts';
import type { HubClient, HubMessage } from '../../hub/hub-client.ts';

const OVERTAKE_MILLIS = 5;
const LARGE_BYTES = 32_768;
const LARGE_SEND_MILLIS = 1;
const CLIENTS_PER_TASK = 100;
/** As long as a busy machine may need to broadcast the next event; the last of all is late by this much. */
const OVERTAKEN_WITHIN_MILLIS = 500;

export const ORDER_AND_REPEATS: readonly Defect[] = [
  // Every event is written by its own goroutine or task.
  {
    id: 'reorder',
    bugClass: 'B21',
    summary: 'every eighth event is overtaken by the one published after it',
    severity: 'high',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change(hub, correct) {
      let held: HubMessage | undefined;
      const release = (): void | Promise<void> => {
        const message = held;
        held = undefined;
        if (message !== undefined) return correct.fanOut(message);
      };
      return {
        async fanOut(message) {
          if (held === undefined && message.number % 8 === 3) {
            held = message;
            hub.options.clock.after(OVERTAKE_MILLIS, () => void release());
            return;
          }
          await correct.fanOut(message);
          await release();
        },
      };
    },
  },
  // Large events are sent by a goroutine of their own.
  {
    id: 'large-overtaken',
    bugClass: 'B21',
    summary: 'small events overtake a large one that was broadcast before them',
    severity: 'high',
    namedBy: { 'delivery.large-among-small': 'fail' },
    change: (hub, correct) => ({
      deliver(client, message) {
        if (message.frame.length < LARGE_BYTES) return correct.deliver(client, message);
        hub.after(client, LARGE_SEND_MILLIS, () => void correct.deliver(client, message));
      },
    }),
  },
  // Each app has a queue, and some queues have another worker.
  {
    id: 'some-apps-overtaken',
    bugClass: 'B21',
    summary: 'events of apps whose names begin with b are overtaken by those of other apps',
    severity: 'high',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: (hub, correct) => ({
      deliver(client, message) {
        if (!message.text.includes('"appId":"b')) return correct.deliver(client, message);
        hub.after(client, LARGE_SEND_MILLIS, () => void correct.deliver(client, message));
      },
    }),
  },
  // Each hundred is served by a task of its own, and the tasks of two events overtake each other.
  {
    id: 'order-kept-in-small-rooms',
    bugClass: 'B21',
    summary: 'with more than a hundred clients some get events in another order',
    severity: 'high',
    namedBy: { 'robustness.two-hundred-dials': 'fail' },
    change(hub) {
      let serveHeld = (): void => {};
      const hold = (serve: () => void): void => {
        const serveOnce = (): void => {
          if (serveHeld !== serveOnce) return;
          serveHeld = (): void => {};
          serve();
        };
        serveHeld = serveOnce;
        hub.options.clock.after(OVERTAKEN_WITHIN_MILLIS, serveOnce);
      };
      return {
        fanOut(message) {
          const clients = [...hub.clients];
          const serve = (some: readonly HubClient[]): void => {
            for (const client of some) void hub.hooks.deliver(client, message);
          };
          serve(clients.slice(0, CLIENTS_PER_TASK));
          const others = clients.slice(CLIENTS_PER_TASK);
          if (message.number % 2 === 0) return hold(() => serve(others));
          serve(others);
          serveHeld();
        },
      };
    },
  },
  // Every client gets every event, but two clients see different orders.
  {
    id: 'order-differs-by-client',
    bugClass: 'B21',
    summary: 'in bursts, every second client gets neighboring events in the opposite order',
    severity: 'high',
    namedBy: { 'delivery.concurrent-producers': 'fail' },
    change(hub, correct) {
      const held = new WeakMap<HubClient, HubMessage>();
      return {
        async deliver(client, message) {
          const earlier = held.get(client);
          const isBurst = hub.broadcastQueue.length > 0;
          if (earlier === undefined && isBurst && client.id % 2 === 0) {
            held.set(client, message);
            return;
          }
          held.delete(client);
          await correct.deliver(client, message);
          if (earlier !== undefined) await correct.deliver(client, earlier);
        },
      };
    },
  },
  // Events that end a saga have priority.
  {
    id: 'terminal-first',
    bugClass: 'B21',
    summary: 'deploy.completed and deploy.failed overtake the steps that are queued before them',
    severity: 'high',
    namedBy: { 'lifecycle.scenarios-arrive': 'fail' },
    change: (_hub, correct) => ({
      async publish(texts) {
        const isTerminal = (text: string): boolean => /"deploy\.(completed|failed)"/.test(text);
        const ordered = [...texts.filter(isTerminal), ...texts.filter((text) => !isTerminal(text))];
        await correct.publish(ordered);
        return { status: 202, body: { accepted: texts.length } };
      },
    }),
  },
  // Two pumps for one client, or one client registered twice.
  {
    id: 'duplicate',
    bugClass: 'B22',
    summary: 'about 2 in 100 events reach a client twice',
    severity: 'high',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: (hub, correct) => ({
      deliver(client, message) {
        if (hub.options.random() < 0.02) correct.deliver(client, message);
        return correct.deliver(client, message);
      },
    }),
  },
  // The client is registered beside its old entry, which was never removed.
  {
    id: 'duplicate-after-rejoin',
    bugClass: 'B22',
    summary: 'clients from an address that has disconnected before get every event twice',
    severity: 'high',
    namedBy: { 'model.random-programs': 'fail', 'delivery.leavers-change-nothing': 'fail' },
    change(_hub, correct) {
      const addressesThatLeft = new Set<string>();
      const registeredTwice = new WeakSet<HubClient>();
      return {
        admit(client, writeResponse, request) {
          if (addressesThatLeft.has(client.remoteAddress)) registeredTwice.add(client);
          correct.admit(client, writeResponse, request);
        },
        async deliver(client, message) {
          await correct.deliver(client, message);
          if (registeredTwice.has(client)) await correct.deliver(client, message);
        },
        onGone(client, error) {
          addressesThatLeft.add(client.remoteAddress);
          correct.onGone(client, error);
        },
      };
    },
  },
];

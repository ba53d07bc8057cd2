// Lifecycle: what passes through the hub is kept, and memory or the work for it grows until the process is of no use (B12).
import type { Defect } from '../../defect.ts';
import type { HubMessage } from '../../hub/hub-client.ts';

export const MEMORY_KEPT: readonly Defect[] = [
  // A list for clients that come back, which nobody ever cuts.
  {
    id: 'history-without-limit',
    bugClass: 'B12',
    summary: 'the hub keeps every event it has broadcast, and runs out of memory after some days',
    severity: 'high',
    namedBy: { 'lifecycle.memory-levels-off': 'warn' },
    change(_hub, correct) {
      const history: HubMessage[] = [];
      return {
        fanOut(message) {
          history.push(message);
          return correct.fanOut(message);
        },
        stats: () => ({ ...correct.stats(), history: history.length }),
      };
    },
  },
  // A buffer of messages that nobody reads.
  {
    id: 'client-messages-kept',
    bugClass: 'B12',
    summary: 'the hub keeps everything that clients send, and any page can exhaust its memory',
    severity: 'high',
    namedBy: { 'lifecycle.memory-levels-off': 'warn' },
    change(_hub, correct) {
      const unread: Buffer[] = [];
      return {
        onMessage(client, opcode, payload) {
          unread.push(Buffer.from(payload));
          return correct.onMessage(client, opcode, payload);
        },
        stats: () => ({ ...correct.stats(), unread: unread.length }),
      };
    },
  },
  // A closure of a timer or a listener that is never removed.
  {
    id: 'left-clients-kept',
    bugClass: 'B12',
    summary: 'the hub keeps 400 KB of each client that has left',
    severity: 'high',
    namedBy: { 'lifecycle.memory-levels-off': 'fail' },
    change(_hub, correct) {
      const kept: Buffer[] = [];
      return {
        onGone(client, error) {
          kept.push(Buffer.alloc(400_000, 'x'));
          return correct.onGone(client, error);
        },
        stats: () => ({ ...correct.stats(), kept: kept.length }),
      };
    },
  },
  // An interval that is set when the client comes, and never cleared.
  {
    id: 'left-clients-timers-run',
    bugClass: 'B12',
    summary: 'a timer of each client goes on when the client has left, and the idle hub becomes busy',
    severity: 'high',
    namedBy: { 'lifecycle.idle-cpu': 'fail' },
    change(hub, correct) {
      let runs = 0;
      return {
        admit(client, writeResponse, request) {
          const timer = setInterval(() => {
            if (hub.isStopping) return clearInterval(timer);
            runs += 1;
            JSON.stringify(Array.from({ length: 500 }, (_, index) => index));
          }, 10);
          timer.unref();
          correct.admit(client, writeResponse, request);
        },
        stats: () => ({ ...correct.stats(), runs }),
      };
    },
  },
];

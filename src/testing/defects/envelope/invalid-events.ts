// Broadcast requests that the hub must refuse, and one that it must accept (B50).
import type { Defect } from '../../defect.ts';
import type { HubMessage } from '../../hub/hub-client.ts';
import { encodesAs } from '../shared-changes.ts';

const isTooLarge = (digits: string): boolean => !Number.isFinite(Number(digits));
const HALF_PAIR = /[\ud800-\udfff]/u;

function hasHalfPair({ text }: HubMessage): boolean {
  const { payload } = JSON.parse(text) as { payload: Record<string, unknown> };
  return Object.values(payload).some((value) => HALF_PAIR.test(String(value)));
}

export const INVALID_EVENTS: readonly Defect[] = [
  {
    id: 'bad-event-broadcast',
    bugClass: 'B50',
    summary: 'text that is not an envelope is accepted and broadcast',
    severity: 'medium',
    namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
    change: () => ({ refuseEvent: () => undefined }),
  },
  // Line by line, without a look at the rest. A producer that sends the request again sends the event twice.
  {
    id: 'refused-in-part',
    bugClass: 'B50',
    summary: 'a request whose second event is invalid is refused, and the first is broadcast',
    severity: 'medium',
    namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
    change(hub, correct) {
      const valid: string[] = [];
      return {
        refuseEvent(text) {
          const problem = correct.refuseEvent(text);
          if (problem === undefined) valid.push(text);
          else for (const earlier of valid.splice(0)) void hub.accept(earlier);
          return problem;
        },
        publish(texts) {
          valid.length = 0;
          return correct.publish(texts);
        },
      };
    },
  },
  {
    id: 'bad-event-kills',
    bugClass: 'B50',
    summary: 'the process dies on a broadcast request that is not JSON',
    severity: 'high',
    namedBy: { 'envelope.invalid-not-broadcast': 'fail' },
    change: (hub, correct) => ({
      refuseEvent(text) {
        const problem = correct.refuseEvent(text);
        if (problem !== undefined) hub.crash(`unhandled: ${problem}`);
        return problem;
      },
    }),
  },
  // The JSON module of some languages reads and writes NaN; browsers cannot parse it.
  {
    id: 'nan-broadcast',
    bugClass: 'B50',
    summary: 'an event with the number NaN is accepted and broadcast as invalid JSON',
    severity: 'medium',
    namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
    change: (_hub, correct) => ({
      refuseEvent: (text) => correct.refuseEvent(text.replaceAll(':NaN', ':null')),
    }),
  },
  // Numbers in JSON have no size limit. One that does not fit in a double is read as infinity and written as
  // invalid JSON.
  {
    id: 'infinity-written',
    bugClass: 'B50',
    summary: 'a number too large for a double is sent as Infinity',
    severity: 'medium',
    namedBy: { 'envelope.strange-event-survived': 'warn' },
    change: encodesAs((text) =>
      text.replace(/:(\d+e\d+)(?=[,}])/g, (whole, digits) => (isTooLarge(digits) ? ':Infinity' : whole)),
    ),
  },
  // JSON can hold half a surrogate pair, which has no UTF-8; encoding it throws in the writer of each client.
  {
    id: 'half-pair-ends-writers',
    bugClass: 'B50',
    summary: 'an event with half a surrogate pair disconnects every client',
    severity: 'high',
    namedBy: { 'envelope.strange-event-survived': 'warn' },
    change: (_hub, correct) => ({
      deliver(client, message) {
        return hasHalfPair(message)
          ? correct.onViolation(client, 1011, 'cannot encode')
          : correct.deliver(client, message);
      },
    }),
  },
  // The same in the one task that serves all clients: it ends, and the hub goes on accepting events.
  {
    id: 'half-pair-ends-fan-out',
    bugClass: 'B50',
    summary: 'after an event with half a surrogate pair nobody gets anything any more',
    severity: 'high',
    namedBy: { 'envelope.strange-event-survived': 'fail' },
    change(_hub, correct) {
      let hasEnded = false;
      return {
        fanOut(message) {
          hasEnded ||= hasHalfPair(message);
          return hasEnded ? undefined : correct.fanOut(message);
        },
      };
    },
  },
  {
    id: 'nobody-listening-fails',
    bugClass: 'B50',
    summary: 'a broadcast is answered 503 while no client is connected',
    severity: 'medium',
    namedBy: { 'delivery.nobody-connected': 'fail' },
    change: (hub, correct) => ({
      async publish(texts) {
        if (hub.clients.size === 0) return { status: 503, body: { error: 'no clients' } };
        return correct.publish(texts);
      },
    }),
  },
];

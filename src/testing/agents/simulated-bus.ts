// A messaging system on a simulated clock: messages take their time, and some are lost when a test wants it. Each `connect` is the
// connection of one machine.
import type { Bus } from '../../agents/nats/bus.ts';
import type { Clock } from '../../time/clock.ts';

export interface SimulatedBusOptions {
  readonly clock: Clock;
  readonly delayMillis?: number;
  readonly maxPayloadBytes?: number;
  /** Asked for every message. */
  readonly isLost?: (subject: string) => boolean;
}

interface Listener {
  readonly subject: string;
  readonly answer: (payload: Uint8Array) => Uint8Array | undefined;
}

export interface SimulatedBus {
  connect(): Bus;
  /** Messages that were too long for the server. */
  readonly refusedMessages: number;
}

export function createSimulatedBus({
  clock,
  delayMillis = 1,
  maxPayloadBytes = 1024 * 1024,
  isLost = () => false,
}: SimulatedBusOptions): SimulatedBus {
  const listeners = new Set<Listener>();
  let refusedMessages = 0;

  function deliver(subject: string, payload: Uint8Array, onAnswer: (answer: Uint8Array) => void): void {
    if (payload.byteLength > maxPayloadBytes) refusedMessages++;
    if (payload.byteLength > maxPayloadBytes || isLost(subject)) return;
    const copy = Uint8Array.from(payload);
    clock.after(delayMillis, () => {
      for (const listener of [...listeners]) {
        if (listener.subject !== subject) continue;
        const answer = listener.answer(copy);
        if (answer !== undefined) onAnswer(answer);
      }
    });
  }

  return {
    get refusedMessages() {
      return refusedMessages;
    },
    connect: () => ({
      maxPayloadBytes,
      died: new Promise(() => {}),
      refused: new Promise(() => {}),
      refusal: () => undefined,
      problem: () => undefined,
      publish: (subject, payload) => deliver(subject, payload, () => {}),
      subscribe(subject, answer) {
        const listener = { subject, answer };
        listeners.add(listener);
        return { end: () => listeners.delete(listener) };
      },
      request(subject, payload, deadlineMillis) {
        return new Promise((resolve) => {
          const deadline = clock.after(deadlineMillis, () => resolve(undefined));
          deliver(subject, payload, (answer) => {
            if (answer.byteLength > maxPayloadBytes) refusedMessages++;
            if (answer.byteLength > maxPayloadBytes || isLost(subject)) return;
            const copy = Uint8Array.from(answer);
            clock.after(delayMillis, () => {
              deadline.cancel();
              resolve(copy);
            });
          });
        });
      },
      close: async () => {},
    }),
  };
}

// The broadcast queue (protocol, "Broadcast channel"): accepted events in order, and behind them the producers whose
// events have no place yet. Nothing is ever dropped; apart so that its order and bounds can be tested alone.

export interface ProducerQueue {
  /** Queues frames in order; `onAccepted` is called once the last of them has a place. */
  offer(frames: readonly Buffer[], onAccepted: () => void): void;
  /** The oldest events, at most `events` of them and `bytes` in all, but always one when there is one. */
  take(events: number, bytes: number): readonly Buffer[];
  readonly queuedEvents: number;
  readonly waitingProducers: number;
  /** Since the start. */
  readonly acceptedEvents: number;
  readonly takenEvents: number;
}

interface WaitingProducer {
  readonly frames: readonly Buffer[];
  acceptedEvents: number;
  readonly onAccepted: () => void;
}

/** A queue with room for `capacityEvents`. */
export function createProducerQueue(capacityEvents: number): ProducerQueue {
  let queue: Buffer[] = [];
  /** Index of the oldest event in `queue`; what stands before it was taken. */
  let head = 0;
  let waiting: WaitingProducer[] = [];
  let acceptedEvents = 0;
  let takenEvents = 0;

  /** Gives places to those who wait, in their order. */
  function admit(): void {
    let done = 0;
    for (; done < waiting.length; done++) {
      const producer = waiting[done] as WaitingProducer;
      while (producer.acceptedEvents < producer.frames.length && queue.length - head < capacityEvents) {
        queue.push(producer.frames[producer.acceptedEvents++] as Buffer);
        acceptedEvents++;
      }
      if (producer.acceptedEvents < producer.frames.length) break;
    }
    if (done === 0) return;
    const accepted = waiting.slice(0, done);
    waiting = waiting.slice(done);
    for (const producer of accepted) producer.onAccepted();
  }

  /** Moves the head; taken events are cut off now and then, so that a large queue is not copied every turn. */
  function forget(end: number): void {
    const isMostlyTaken = end * 2 >= queue.length;
    queue = isMostlyTaken ? queue.slice(end) : queue;
    head = isMostlyTaken ? 0 : end;
  }

  return {
    offer(frames, onAccepted) {
      waiting.push({ frames, acceptedEvents: 0, onAccepted });
      if (waiting.length === 1) admit();
    },
    take(events, bytes) {
      let end = head;
      for (let takenBytes = 0; end < queue.length && end - head < events; end++) {
        takenBytes += (queue[end] as Buffer).length;
        if (end > head && takenBytes > bytes) break;
      }
      const frames = queue.slice(head, end);
      takenEvents += frames.length;
      forget(end);
      admit();
      return frames;
    },
    get queuedEvents() {
      return queue.length - head;
    },
    get waitingProducers() {
      return waiting.length;
    },
    get acceptedEvents() {
      return acceptedEvents;
    },
    get takenEvents() {
      return takenEvents;
    },
  };
}

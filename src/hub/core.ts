// The hub without sockets and timers: who is in the set, what waits to be broadcast, who is evicted. A state machine
// that tests drive step by step; `hub.ts` gives it sockets and turns.
import { BROADCAST_BUFFER_EVENTS, CLIENT_BUFFER_MESSAGES } from '../protocol/limits.ts';
import { Outbox, type OutboxPort } from './outbox.ts';

/** Events taken from the broadcast queue in one turn, at most: sockets drain between turns. */
const TURN_EVENTS = 32;

/** One client as the core sees it. */
export interface Member {
  readonly outbox: Outbox;
  /** Called once, when the core has dropped the member because its buffer is full. */
  readonly onEvicted: () => void;
}

export interface CoreOptions {
  /** Messages buffered for each client besides the one in flight. */
  readonly clientBufferMessages?: number;
  /** Events buffered between producers and the run loop. */
  readonly broadcastBufferEvents?: number;
}

interface WaitingProducer {
  readonly frames: readonly Buffer[];
  accepted: number;
  readonly onAccepted: () => void;
}

export class HubCore {
  /** Events that were fanned out. */
  broadcasts = 0;
  evictions = 0;
  private readonly members = new Set<Member>();
  private readonly outstandingLimitMessages: number;
  private readonly broadcastBufferEvents: number;
  private readonly turnEvents: number;
  private queue: Buffer[] = [];
  private readonly waiting: WaitingProducer[] = [];

  constructor(options: CoreOptions = {}) {
    this.outstandingLimitMessages = (options.clientBufferMessages ?? CLIENT_BUFFER_MESSAGES) + 1;
    this.broadcastBufferEvents = options.broadcastBufferEvents ?? BROADCAST_BUFFER_EVENTS;
    // A turn that did not fit an empty outbox would evict a client that had nothing outstanding.
    this.turnEvents = Math.min(TURN_EVENTS, this.outstandingLimitMessages);
  }

  get clients(): number {
    return this.members.size;
  }

  get queuedEvents(): number {
    return this.queue.length;
  }

  get waitingProducers(): number {
    return this.waiting.length;
  }

  /** Puts a client into the set: every event that is broadcast from now on is owed to it. */
  join(port: OutboxPort, onEvicted: () => void): Member {
    const member = { outbox: new Outbox(port, this.outstandingLimitMessages), onEvicted };
    this.members.add(member);
    return member;
  }

  /** Takes a client out of the set; it is owed nothing more. Safe to call twice. */
  leave(member: Member): void {
    this.members.delete(member);
  }

  /** Queues frames in order; `onAccepted` is called when the last has a place. Producers wait in the order they came. */
  publish(frames: readonly Buffer[], onAccepted: () => void): void {
    this.waiting.push({ frames, accepted: 0, onAccepted });
    this.admit();
  }

  /** One turn of the run loop: fans out what is queued, up to a limit. True when more is queued. */
  turn(): boolean {
    if (this.queue.length === 0) return false;
    const frames = this.queue.length <= this.turnEvents ? this.queue : this.queue.slice(0, this.turnEvents);
    this.queue = frames === this.queue ? [] : this.queue.slice(this.turnEvents);
    this.broadcasts += frames.length;
    this.fanOut(frames);
    this.admit();
    return this.queue.length > 0;
  }

  /** Clients with at least half their buffer outstanding: the run loop gives them a moment. */
  hasCrowdedMember(): boolean {
    for (const { outbox } of this.members) {
      if (outbox.outstandingMessages * 2 > this.outstandingLimitMessages) return true;
    }
    return false;
  }

  /** Outstanding messages of all clients. */
  outstandingMessages(): number {
    let total = 0;
    for (const { outbox } of this.members) total += outbox.outstandingMessages;
    return total;
  }

  private fanOut(frames: readonly Buffer[]): void {
    const joined = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
    for (const member of this.members) {
      if (member.outbox.offer(frames, joined)) continue;
      // Deleting the current element of a Set while walking it skips nobody.
      this.members.delete(member);
      this.evictions += 1;
      member.onEvicted();
    }
  }

  private admit(): void {
    while (this.waiting.length > 0) {
      const producer = this.waiting[0] as WaitingProducer;
      const room = this.broadcastBufferEvents - this.queue.length;
      const taken = producer.frames.slice(producer.accepted, producer.accepted + room);
      this.queue.push(...taken);
      producer.accepted += taken.length;
      if (producer.accepted < producer.frames.length) return;
      this.waiting.shift();
      producer.onAccepted();
    }
  }
}

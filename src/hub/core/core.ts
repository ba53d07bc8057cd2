// The hub without sockets and timers: which clients are in the set, which events are queued, who is evicted. A state machine
// that tests drive step by step; `hub.ts` gives it sockets, `run-loop.ts` its turns.
import { BROADCAST_BUFFER_EVENTS, CLIENT_BUFFER_MESSAGES } from '../../protocol/limits.ts';
import { deflateFrame } from './deflated-frame.ts';
import { OFFER, Outbox, type OutboxPort } from './outbox.ts';
import { createProducerQueue, type ProducerQueue } from './producer-queue.ts';

/** Taken from the broadcast queue in one turn, at most, so that sockets drain between turns; one event always is. */
const TURN_EVENTS = 32;
const TURN_BYTES = 256 * 1024;

/** One client as the core sees it. */
export interface Member {
  readonly outbox: Outbox;
  /** Events accepted before it joined: it receives none of them. */
  readonly joinedAfterEvents: number;
  /** It agreed to compression: it receives the compressed form of each frame. */
  readonly isDeflated: boolean;
  /** Called once, when the core has dropped the member because its buffer is full. */
  readonly onEvicted: () => void;
}

export interface CoreOptions {
  /** Messages buffered for each client besides the one in flight. */
  readonly clientBufferMessages?: number;
  /** Events buffered between producers and the run loop. */
  readonly broadcastBufferEvents?: number;
}

/** The frames of one turn, and the same bytes in one piece. */
interface Turn {
  readonly frames: readonly Buffer[];
  readonly joined: Buffer;
}

export class HubCore {
  private readonly members = new Set<Member>();
  /** Joined while events accepted earlier were still queued; in the set as soon as those are out. */
  private newcomers: Member[] = [];
  private readonly queue: ProducerQueue;
  private readonly outstandingLimitMessages: number;
  /** Events that one turn takes at most; no more than half of what a client may have outstanding, but one. */
  readonly turnEvents: number;
  /** Members that the last turn left backlogged. */
  private backlogged: Member[] = [];

  constructor(options: CoreOptions = {}) {
    this.outstandingLimitMessages = (options.clientBufferMessages ?? CLIENT_BUFFER_MESSAGES) + 1;
    this.queue = createProducerQueue(options.broadcastBufferEvents ?? BROADCAST_BUFFER_EVENTS);
    // Half a buffer at most: a client that had nothing outstanding keeps room for the next turn.
    this.turnEvents = Math.max(1, Math.min(TURN_EVENTS, this.outstandingLimitMessages >> 1));
  }

  get clients(): number {
    return this.members.size + this.newcomers.length;
  }

  /** Events that were fanned out. */
  get broadcasts(): number {
    return this.queue.takenEvents;
  }

  get queuedEvents(): number {
    return this.queue.queuedEvents;
  }

  get waitingProducers(): number {
    return this.queue.waitingProducers;
  }

  /** Puts a client into the set: it receives every event accepted from now on, and none accepted earlier. */
  join(port: OutboxPort, onEvicted: () => void, isDeflated = false): Member {
    const joinedAfterEvents = this.queue.acceptedEvents;
    const outbox = new Outbox(port, this.outstandingLimitMessages);
    const member: Member = { outbox, joinedAfterEvents, isDeflated, onEvicted };
    if (joinedAfterEvents === this.queue.takenEvents) this.members.add(member);
    else this.newcomers.push(member);
    return member;
  }

  /** Takes a client out of the set; it receives nothing more. Safe to call twice. */
  leave(member: Member): void {
    if (this.members.delete(member)) return;
    this.newcomers = this.newcomers.filter((newcomer) => newcomer !== member);
  }

  /** Queues frames in order; `onAccepted` is called when the last has a place. Producers wait in the order they came. */
  publish(frames: readonly Buffer[], onAccepted: () => void): void {
    this.queue.offer(frames, onAccepted);
  }

  /** One turn of the run loop: fans out what is queued, up to a limit. True when more is queued. */
  turn(): boolean {
    const boundary = this.admitNewcomers();
    const frames = this.queue.take(Math.min(this.turnEvents, boundary), TURN_BYTES);
    if (frames.length > 0) this.fanOut(frames);
    return this.queue.queuedEvents > 0;
  }

  /**
   * Whether a client that the last turn left backlogged still is, and drains. That is worth a short pause; a client
   * that has stopped draining is not.
   */
  hasDrainingBacklog(): boolean {
    if (this.backlogged.length === 0) return false;
    this.backlogged = this.backlogged.filter(
      (member) => this.members.has(member) && member.outbox.isBacklogged && member.outbox.isDraining(),
    );
    return this.backlogged.length > 0;
  }

  /** Outstanding messages of all clients. */
  outstandingMessages(): number {
    let total = 0;
    for (const { outbox } of this.members) total += outbox.outstandingMessages;
    return total;
  }

  /** Admits newcomers whose first event is next; returns how many events precede the next newcomer's first. */
  private admitNewcomers(): number {
    if (this.newcomers.length === 0) return Number.POSITIVE_INFINITY;
    const taken = this.queue.takenEvents;
    let admitted = 0;
    // They are in the order they joined, so those to admit are in front.
    for (; admitted < this.newcomers.length; admitted++) {
      const newcomer = this.newcomers[admitted] as Member;
      if (newcomer.joinedAfterEvents > taken) break;
      this.members.add(newcomer);
    }
    this.newcomers = this.newcomers.slice(admitted);
    const next = this.newcomers[0];
    return next ? next.joinedAfterEvents - taken : Number.POSITIVE_INFINITY;
  }

  private fanOut(frames: readonly Buffer[]): void {
    const plain = turnOf(frames);
    // Once for all clients that agreed to compression, and only where there is one.
    let deflated: Turn | undefined;
    this.backlogged = [];
    for (const member of this.members) {
      if (member.isDeflated) deflated ??= turnOf(frames.map(deflateFrame));
      const turn = member.isDeflated && deflated !== undefined ? deflated : plain;
      const offer = member.outbox.offer(turn.frames, turn.joined);
      if (offer === OFFER.fits) continue;
      if (offer === OFFER.backlogged) this.backlogged.push(member);
      else this.evict(member);
    }
  }

  /** Deleting the current element of a Set while walking it skips nobody. */
  private evict(member: Member): void {
    this.members.delete(member);
    member.onEvicted();
  }
}

function turnOf(frames: readonly Buffer[]): Turn {
  return { frames, joined: frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames) };
}

// The duty of publishing passes from agent to agent in blocks of a second, so that each of them has events that its own clock measures
// from their due time to their arrival. A block begins when every event before it is settled: there is one order. No event is sent
// twice: an agent sends nothing without its go, and what it may have sent when it is lost nobody is owed.
import type { PublisherBlock } from '../../../ledger/latency/publisher-blocks.ts';
import { BROADCAST_DEADLINE_MILLIS } from '../../../target/driver.ts';
import type { ProducerOptions } from '../../../target/producer/http-producer.ts';
import type { Clock, Timer } from '../../../time/clock.ts';
import { settle } from '../publishing/request-account.ts';
import { type Block, cutBlock } from './cut-block.ts';
import type { FromProducer, ProducerSeat } from './producer-messages.ts';
import { type ScheduleAhead, writtenDue } from './schedule-ahead.ts';
import { Seats } from './seats.ts';
import { Turn, type TurnReport } from './turn.ts';

/** A block is offered so long before it begins, and the answer must come within that time. */
const AHEAD_MILLIS = 400;
/** Where the hub is slow, blocks wait for those before them; no more than these are offered. */
const MAX_TURNS = 3;
/** An agent that publishes reports within its own deadline for a request, and a little. */
const ANSWER_MILLIS = BROADCAST_DEADLINE_MILLIS + 5_000;

export interface RotaParts {
  readonly clock: Clock;
  readonly runId: string;
  readonly schedule: ScheduleAhead;
  readonly seats: readonly ProducerSeat[];
  /** Asked when the rota begins: until then the hub has shown what it takes. */
  readonly options: () => ProducerOptions | undefined;
  /** How many events a request may hold now. */
  readonly requestEvents: () => number;
  /** `beside`: whose workers have the clock that the block is published by. */
  readonly announce: (block: PublisherBlock, beside: ProducerSeat | undefined) => void;
}

export class Rota {
  private readonly parts: RotaParts;
  /** In their order; the first is the one whose events come next. */
  private turns: Turn[] = [];
  private blocks = 0;
  private beginMicros = Number.POSITIVE_INFINITY;
  /** The next block begins there, and the last ends there. */
  private cursorMicros = Number.POSITIVE_INFINITY;
  private endMicros = Number.POSITIVE_INFINITY;
  /** Blocks that begin before are not published any more. */
  private skippedUntilMicros = Number.NEGATIVE_INFINITY;
  private planning: Timer | undefined;
  private isStopped = false;
  private readonly seats: Seats;
  private wake: () => void = () => {};
  /** Of the accepted events, those that agents have published. */
  publishedEvents = 0;

  constructor(parts: RotaParts) {
    this.parts = parts;
    this.seats = new Seats(parts.seats);
    for (const seat of parts.seats)
      seat.listen({ onMessage: (message) => this.take(seat, message), onEnd: () => this.lose(seat) });
  }

  /** Before the workers learn of the measured time, which this is. */
  begin(fromMicros: number, untilMicros: number): void {
    if (this.isStopped) return;
    this.beginMicros = Math.floor(fromMicros);
    this.cursorMicros = this.beginMicros;
    this.endMicros = Math.ceil(untilMicros);
    const none = { fromMicros: this.cursorMicros, untilMicros: this.cursorMicros, errorMicros: 0 };
    this.parts.announce(none, undefined);
    const options = this.parts.options();
    if (options === undefined) this.endMicros = this.cursorMicros;
    else for (const seat of this.parts.seats) seat.post({ kind: 'open', options });
    this.planAhead();
  }

  /**
   * What became of the events from the one due then on, which are an agent's, once that is known. Undefined where the coordinator is to
   * publish what is due before `endOf`.
   */
  async next(event: { readonly dueMicros: number }): Promise<TurnReport | undefined> {
    for (;;) {
      const turn = this.turnOf(event.dueMicros);
      const report = turn?.reports.shift();
      if (report !== undefined || turn === undefined || turn.state === 'here') return report;
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (turn.state === 'accepted') this.go(turn);
      await woken;
    }
  }

  /** What is due from there on is not published together with what is due then. */
  endOf({ dueMicros }: { readonly dueMicros: number }): number {
    const turn = this.turnOf(dueMicros);
    if (turn !== undefined) return turn.block.untilMicros;
    return Math.round(dueMicros) < this.beginMicros ? this.beginMicros : Number.POSITIVE_INFINITY;
  }

  /** An agent may still send events, or has sent some that are not asked for yet. */
  get isUnderWay(): boolean {
    return this.turns.some((turn) => turn.isUnderWay);
  }

  /** No agent sends anything more than what it is sending. */
  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.planning?.cancel();
    for (const turn of this.turns) {
      if (turn.state === 'here') continue;
      turn.seat?.post({ kind: 'end', block: turn.block.number });
      if (turn.state !== 'going') turn.leave();
    }
    this.wake();
  }

  private turnOf(dueMicros: number): Turn | undefined {
    const atMicros = Math.round(dueMicros);
    while (this.turns[0] !== undefined && !this.turns[0].isUnderWay) {
      if (this.turns[0].block.untilMicros > atMicros) break;
      this.turns.shift()?.leave();
    }
    while (!this.isStopped && this.cursorMicros <= atMicros && this.cursorMicros < this.endMicros)
      this.plan();
    if (this.planning === undefined) this.planAhead();
    return this.turns.find(({ block }) => block.fromMicros <= atMicros && atMicros < block.untilMicros);
  }

  private planAhead(): void {
    this.planning?.cancel();
    this.planning = undefined;
    const { clock } = this.parts;
    if (this.isStopped || this.cursorMicros >= this.endMicros || this.turns.length >= MAX_TURNS) return;
    const millis = (this.cursorMicros - clock.nowMicros()) / 1e3 - AHEAD_MILLIS;
    this.planning = clock.after(Math.max(0, millis), () => {
      this.plan();
      this.planAhead();
    });
  }

  private plan(): void {
    const { schedule, runId } = this.parts;
    const [fromMicros, endMicros] = [this.cursorMicros, this.endMicros];
    const block = cutBlock(schedule, { number: this.blocks++, runId, fromMicros, endMicros });
    this.cursorMicros = block.untilMicros;
    const isSkipped = fromMicros < this.skippedUntilMicros;
    const seat = isSkipped || block.events.length === 0 ? undefined : this.seats.next();
    const turn = new Turn(block, seat);
    this.turns.push(turn);
    if (seat === undefined) {
      this.announceHere(block);
      if (isSkipped) turn.skip();
      return;
    }
    const { number, untilMicros, texts, events } = block;
    const dues = events.map(writtenDue);
    seat.post({ kind: 'offer', block: number, fromMicros, untilMicros, texts, dues });
    turn.timer = this.parts.clock.after(AHEAD_MILLIS, () => {
      seat.post({ kind: 'end', block: number });
      this.publishHere(turn);
    });
  }

  private go(turn: Turn): void {
    turn.state = 'going';
    turn.seat?.post({
      ...{ kind: 'go', block: turn.block.number, requestEvents: this.parts.requestEvents() },
    });
    this.awaitReport(turn);
  }

  private awaitReport(turn: Turn): void {
    const { clock } = this.parts;
    turn.timer?.cancel();
    const dueMillis = ((turn.nextDueMicros ?? 0) - clock.nowMicros()) / 1e3;
    turn.timer = clock.after(Math.max(0, dueMillis) + ANSWER_MILLIS, () => {
      if (turn.seat === undefined) return;
      turn.seat.post({ kind: 'end', block: turn.block.number });
      turn.seat.declined(`it said nothing of its events for ${ANSWER_MILLIS / 1e3} s`);
      this.lose(turn.seat);
    });
  }

  private take(seat: ProducerSeat, message: FromProducer): void {
    const turn = this.turns.find((one) => one.block.number === message.block && one.seat === seat);
    if (turn === undefined || this.seats.isExcluded(seat)) return;
    switch (message.kind) {
      case 'accepted':
        if (turn.state === 'offered') this.accept(turn, message);
        break;
      case 'declined':
        if (turn.state !== 'offered') break;
        this.seats.exclude(seat);
        seat.declined(message.problem);
        this.publishHere(turn);
        break;
      case 'sent':
        turn.take(message, this.parts.clock.nowMicros());
        this.publishedEvents += settle(message.outcome, message.events).accepted;
        seat.published(settle(message.outcome, message.events).accepted);
        this.awaitReport(turn);
        break;
      case 'done':
        turn.done(message.unsent);
        break;
    }
    this.wake();
  }

  private accept(
    turn: Turn,
    { offsetMicros, errorMicros }: Extract<FromProducer, { readonly kind: 'accepted' }>,
  ): void {
    turn.timer?.cancel();
    turn.state = 'accepted';
    const { fromMicros, untilMicros } = turn.block;
    this.parts.announce({ fromMicros, untilMicros, errorMicros, offsetMicros }, turn.seat);
  }

  private lose(seat: ProducerSeat): void {
    this.seats.exclude(seat);
    const own = this.turns.filter((turn) => turn.seat === seat);
    const lost = own.find((turn) => turn.state === 'going' && turn.nextDueMicros !== undefined);
    for (const turn of own)
      if (turn.state === 'offered') this.publishHere(turn);
      else turn.lose();
    if (lost !== undefined && !this.isStopped) this.skipAfter(lost);
    this.wake();
  }

  /** What came due while an agent that published was silent: all at once it could overflow the queue of a client that reads. */
  private skipAfter(lost: Turn): void {
    this.skippedUntilMicros = this.parts.clock.nowMicros();
    for (const turn of this.turns.slice(this.turns.indexOf(lost) + 1)) {
      if (turn.block.fromMicros >= this.skippedUntilMicros) continue;
      turn.seat?.post({ kind: 'end', block: turn.block.number });
      turn.skip();
    }
  }

  private publishHere(turn: Turn): void {
    turn.leave();
    this.announceHere(turn.block);
    this.wake();
  }

  private announceHere({ fromMicros, untilMicros }: Block): void {
    this.parts.announce({ fromMicros, untilMicros, errorMicros: 0 }, undefined);
  }
}

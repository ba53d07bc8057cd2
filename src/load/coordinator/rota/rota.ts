// The duty of publishing passes from agent to agent in blocks of a second, so that each of them has events that its own clock measures
// from their due time to their arrival. A block begins when every event before it is settled: there is one order. No event is sent
// twice: an agent sends nothing without its go, and what it may have sent when it is lost nobody is owed.
import type { PublisherBlock } from '../../../ledger/latency/publisher-blocks.ts';
import { BROADCAST_DEADLINE_MILLIS } from '../../../target/driver.ts';
import type { ProducerOptions } from '../../../target/producer/http-producer.ts';
import type { Clock } from '../../../time/clock.ts';
import { settle } from '../publishing/request-account.ts';
import type { Block } from './cut-block.ts';
import type { FromProducer, ProducerSeat } from './producer-messages.ts';
import { type ScheduleAhead, writtenDue } from './schedule-ahead.ts';
import { Seats } from './seats.ts';
import { Turn, type TurnReport } from './turn.ts';
import { AHEAD_MILLIS, TurnsAhead } from './turns-ahead.ts';

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
  private readonly turns: TurnsAhead;
  /** Blocks that begin before are not published any more. */
  private skippedUntilMicros = Number.NEGATIVE_INFINITY;
  private isStopped = false;
  private readonly seats: Seats;
  private wake: () => void = () => {};
  /** Of the accepted events, those that agents have published. */
  publishedEvents = 0;

  constructor(parts: RotaParts) {
    this.parts = parts;
    this.seats = new Seats(parts.seats);
    const { clock, runId, schedule } = parts;
    this.turns = new TurnsAhead({
      ...{ clock, runId, schedule, open: (block) => this.open(block), onPlanned: () => this.wake() },
    });
    for (const seat of parts.seats)
      seat.listen({ onMessage: (message) => this.take(seat, message), onEnd: () => this.lose(seat) });
  }

  /** Before the workers learn of the measured time, which this is. */
  begin(fromMicros: number, untilMicros: number): void {
    if (this.isStopped) return;
    const [begin, end] = [Math.floor(fromMicros), Math.ceil(untilMicros)];
    this.parts.announce({ fromMicros: begin, untilMicros: begin, errorMicros: 0 }, undefined);
    const options = this.parts.options();
    if (options !== undefined) for (const seat of this.parts.seats) seat.post({ kind: 'open', options });
    this.turns.begin(begin, options === undefined ? begin : end);
  }

  /**
   * What became of the events from the one due then on, which are an agent's, once that is known. Undefined where the coordinator is to
   * publish what is due before `endOf`.
   */
  async next({ dueMicros }: { readonly dueMicros: number }): Promise<TurnReport | undefined> {
    for (;;) {
      const turn = this.turns.turnOf(dueMicros);
      if (turn === undefined) return undefined;
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (turn !== 'later') {
        const report = turn.reports.shift();
        if (report !== undefined || turn.state === 'here') return report;
        if (turn.state === 'accepted') this.go(turn);
      }
      await woken;
    }
  }

  /** What is due from there on is not published together with what is due then. */
  endOf({ dueMicros }: { readonly dueMicros: number }): number {
    return this.turns.endOf(dueMicros);
  }

  /** No agent sends anything more than what it is sending. */
  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.turns.stop();
    for (const turn of this.turns.all) {
      if (turn.state === 'here') continue;
      turn.seat?.post({ kind: 'end', block: turn.block.number });
      if (turn.state !== 'going') turn.leave();
      else if (turn.seat?.isGone()) turn.lose();
    }
    this.wake();
  }

  private open(block: Block): Turn {
    const isSkipped = block.fromMicros < this.skippedUntilMicros;
    const seat = isSkipped || block.events.length === 0 ? undefined : this.seats.next();
    const turn = new Turn(block, seat);
    if (seat === undefined) {
      this.announceHere(block);
      if (isSkipped) turn.skip();
      return turn;
    }
    const { number, fromMicros, untilMicros, texts, events } = block;
    const dues = events.map(writtenDue);
    seat.post({ kind: 'offer', block: number, fromMicros, untilMicros, texts, dues });
    turn.timer = this.parts.clock.after(AHEAD_MILLIS, () => {
      seat.post({ kind: 'end', block: number });
      this.publishHere(turn);
    });
    return turn;
  }

  private go(turn: Turn): void {
    turn.state = 'going';
    const requestEvents = this.parts.requestEvents();
    turn.seat?.post({ kind: 'go', block: turn.block.number, requestEvents });
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
    const turn = this.turns.all.find((one) => one.block.number === message.block && one.seat === seat);
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
      case 'sent': {
        turn.take(message, this.parts.clock.nowMicros());
        const { accepted } = settle(message.outcome, message.events);
        this.publishedEvents += accepted;
        seat.published(accepted);
        this.awaitReport(turn);
        break;
      }
      case 'done':
        turn.done(message.unsent);
        this.announceRest(turn);
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
    const own = this.turns.all.filter((turn) => turn.seat === seat);
    const lost = own.find((turn) => turn.state === 'going' && turn.nextDueMicros !== undefined);
    for (const turn of own)
      if (turn.state === 'going') turn.lose();
      else this.publishHere(turn);
    if (lost !== undefined && !this.isStopped) this.skipAfter(lost);
    this.wake();
  }

  /** What came due while an agent that published was silent: all at once it could overflow the queue of a client that reads. */
  private skipAfter(lost: Turn): void {
    this.skippedUntilMicros = this.parts.clock.nowMicros();
    for (const turn of this.turns.all.slice(this.turns.all.indexOf(lost) + 1)) {
      if (turn.block.fromMicros >= this.skippedUntilMicros) continue;
      turn.seat?.post({ kind: 'end', block: turn.block.number });
      turn.skip();
    }
  }

  private publishHere(turn: Turn): void {
    turn.leave();
    this.announceRest(turn);
    this.wake();
  }

  /** The coordinator's clock says when the rest is due: also to the workers of an agent that has published some of it. */
  private announceRest({ block, nextDueMicros }: Turn): void {
    if (nextDueMicros === undefined) return;
    this.announceHere({ ...block, fromMicros: Math.max(block.fromMicros, Math.round(nextDueMicros)) });
  }

  private announceHere({ fromMicros, untilMicros }: Block): void {
    this.parts.announce({ fromMicros, untilMicros, errorMicros: 0 }, undefined);
  }
}

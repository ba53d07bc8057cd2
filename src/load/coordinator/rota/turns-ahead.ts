// Cuts the measured time into turns, each a little before it begins: an agent that is offered one later knows its clock as well as it can.
import type { Clock, Timer } from '../../../time/clock.ts';
import { type Block, cutBlock } from './cut-block.ts';
import type { ScheduleAhead } from './schedule-ahead.ts';
import type { Turn } from './turn.ts';

/** A block is offered so long before it begins, and the answer must come within that time. */
export const AHEAD_MILLIS = 400;
/** Where the hub is slow, blocks wait for those before them; no more than these are offered. */
const MAX_TURNS = 3;

export interface TurnsAheadParts {
  readonly clock: Clock;
  readonly runId: string;
  readonly schedule: ScheduleAhead;
  /** Whose turn it is. */
  readonly open: (block: Block) => Turn;
  readonly onPlanned: () => void;
}

export class TurnsAhead {
  private readonly parts: TurnsAheadParts;
  /** In their order; the first is the one whose events come next. */
  private turns: Turn[] = [];
  private blocks = 0;
  private beginMicros = Number.POSITIVE_INFINITY;
  /** The next block begins there, and the last ends there. */
  private cursorMicros = Number.POSITIVE_INFINITY;
  private endMicros = Number.POSITIVE_INFINITY;
  private planning: Timer | undefined;
  private isStopped = false;

  constructor(parts: TurnsAheadParts) {
    this.parts = parts;
  }

  get all(): readonly Turn[] {
    return this.turns;
  }

  begin(fromMicros: number, endMicros: number): void {
    this.beginMicros = fromMicros;
    this.cursorMicros = fromMicros;
    this.endMicros = endMicros;
    this.planAhead();
  }

  /** Of the event that comes next. `later`: it will have one. Undefined where it is the coordinator's, and nobody publishes for it. */
  turnOf(dueMicros: number): Turn | 'later' | undefined {
    const atMicros = Math.round(dueMicros);
    while (this.turns[0] !== undefined && !this.turns[0].isUnderWay) {
      if (this.turns[0].block.untilMicros > atMicros) break;
      this.turns.shift()?.leave();
    }
    if (this.planning === undefined) this.planAhead();
    const isLater = !this.isStopped && this.cursorMicros <= atMicros && atMicros < this.endMicros;
    return isLater ? 'later' : this.find(atMicros);
  }

  /** What is due from there on is not published together with what is due then. */
  endOf(dueMicros: number): number {
    const atMicros = Math.round(dueMicros);
    const turn = this.find(atMicros);
    if (turn !== undefined) return turn.block.untilMicros;
    return atMicros < this.beginMicros ? this.beginMicros : Number.POSITIVE_INFINITY;
  }

  stop(): void {
    this.isStopped = true;
    this.planning?.cancel();
  }

  private find(atMicros: number): Turn | undefined {
    return this.turns.find(({ block }) => block.fromMicros <= atMicros && atMicros < block.untilMicros);
  }

  private planAhead(): void {
    this.planning?.cancel();
    this.planning = undefined;
    const { clock, onPlanned } = this.parts;
    if (this.isStopped || this.cursorMicros >= this.endMicros || this.turns.length >= MAX_TURNS) return;
    const millis = (this.cursorMicros - clock.nowMicros()) / 1e3 - AHEAD_MILLIS;
    this.planning = clock.after(Math.max(0, millis), () => {
      this.plan();
      this.planAhead();
      onPlanned();
    });
  }

  private plan(): void {
    const { schedule, runId, open } = this.parts;
    const [fromMicros, endMicros] = [this.cursorMicros, this.endMicros];
    const block = cutBlock(schedule, { number: this.blocks++, runId, fromMicros, endMicros });
    this.cursorMicros = block.untilMicros;
    this.turns.push(open(block));
  }
}

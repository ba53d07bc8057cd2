// A schedule that can be read ahead of the one who publishes from it.
import type { DueEvent } from '../../plan/schedule.ts';

/** Events that were given are removed together, as an array that loses its first one moves all others. */
const MAX_GONE_EVENTS = 1_024;

export class ScheduleAhead implements Iterator<DueEvent, undefined> {
  private readonly source: Iterator<DueEvent>;
  /** Behind `gone` others the one that was given last, which is not published before the next is asked for, and those read ahead. */
  private waiting: DueEvent[] = [];
  private gone = 0;
  private given = 0;

  constructor(source: Iterator<DueEvent>) {
    this.source = source;
  }

  next(): IteratorResult<DueEvent, undefined> {
    if (this.given > 0) this.letGo();
    const event = this.waiting[this.gone] ?? this.read();
    if (event === undefined) return { done: true, value: undefined };
    this.given++;
    return { done: false, value: event };
  }

  /** Those that are due from the first to before the second, and not published yet; `first` counts all events from 0. */
  between(
    fromMicros: number,
    untilMicros: number,
  ): { readonly first: number; readonly events: readonly DueEvent[] } {
    while ((this.waiting.at(-1)?.dueMicros ?? Number.NEGATIVE_INFINITY) < untilMicros) {
      if (this.read() === undefined) break;
    }
    const begin = this.firstDue(fromMicros, this.gone);
    const end = this.firstDue(untilMicros, begin);
    if (begin === end) return { first: 0, events: [] };
    return {
      first: Math.max(0, this.given - 1) + begin - this.gone,
      events: this.waiting.slice(begin, end),
    };
  }

  /** The place of the first event that is due then or later, from a place on; the end where there is none. */
  private firstDue(atMicros: number, from: number): number {
    let at = from;
    for (; at < this.waiting.length; at++) {
      if (writtenDue(this.waiting[at] as DueEvent) >= atMicros) break;
    }
    return at;
  }

  private letGo(): void {
    if (this.gone < this.waiting.length) this.gone++;
    if (this.gone < Math.min(MAX_GONE_EVENTS, this.waiting.length)) return;
    this.waiting.splice(0, this.gone);
    this.gone = 0;
  }

  private read(): DueEvent | undefined {
    const next = this.source.next();
    if (next.done) return undefined;
    this.waiting.push(next.value);
    return next.value;
  }
}

/** As events carry it. */
export function writtenDue({ dueMicros }: DueEvent): number {
  return Math.round(dueMicros);
}

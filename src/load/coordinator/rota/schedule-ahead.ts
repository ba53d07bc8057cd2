// A schedule that can be read ahead of the one who publishes from it.
import type { DueEvent } from '../../plan/schedule.ts';

export class ScheduleAhead implements Iterator<DueEvent, undefined> {
  private readonly source: Iterator<DueEvent>;
  /** The one that was given last, which is not published before the next is asked for, and those that were read ahead. */
  private waiting: DueEvent[] = [];
  private given = 0;

  constructor(source: Iterator<DueEvent>) {
    this.source = source;
  }

  next(): IteratorResult<DueEvent, undefined> {
    if (this.given > 0) this.waiting.shift();
    const event = this.waiting[0] ?? this.read();
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
    const skipped = this.waiting.findIndex((event) => writtenDue(event) >= fromMicros);
    if (skipped < 0) return { first: 0, events: [] };
    const end = this.waiting.findIndex((event) => writtenDue(event) >= untilMicros);
    return {
      first: Math.max(0, this.given - 1) + skipped,
      events: this.waiting.slice(skipped, end < 0 ? undefined : end),
    };
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

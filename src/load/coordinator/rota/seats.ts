// The agents of a rota in turn, without those that publish nothing any more.
import type { ProducerSeat } from './producer-messages.ts';

export class Seats {
  private readonly all: readonly ProducerSeat[];
  private readonly excluded = new Set<ProducerSeat>();
  private given = 0;

  constructor(all: readonly ProducerSeat[]) {
    this.all = all;
  }

  /** Undefined where none is left. */
  next(): ProducerSeat | undefined {
    for (let tried = 0; tried < this.all.length; tried++) {
      const seat = this.all[this.given++ % this.all.length];
      if (seat?.mayPublish() && !this.excluded.has(seat)) return seat;
    }
    return undefined;
  }

  exclude(seat: ProducerSeat): void {
    this.excluded.add(seat);
  }

  isExcluded(seat: ProducerSeat): boolean {
    return this.excluded.has(seat);
  }
}

// A binary heap of upcoming items, earliest first: with thousands of sagas, each event costs a few comparisons.

export interface Timed {
  atMillis: number;
  /** Decides between equal times, so that the order never depends on the heap's shape. */
  readonly order: number;
}

export class EarliestFirst<T extends Timed> {
  private readonly items: T[] = [];

  get head(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.items[parent] as T;
      if (!isBefore(item, above)) break;
      this.items[at] = above;
      at = parent;
    }
    this.items[at] = item;
  }

  removeHead(): void {
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return;
    this.items[0] = last;
    this.settleHead();
  }

  /** Call this after changing the head's time. */
  settleHead(): void {
    const item = this.items[0];
    if (item === undefined) return;
    let at = 0;
    for (;;) {
      const child = this.earlierChild(at);
      const below = this.items[child];
      if (below === undefined || !isBefore(below, item)) break;
      this.items[at] = below;
      at = child;
    }
    this.items[at] = item;
  }

  private earlierChild(at: number): number {
    const left = 2 * at + 1;
    const [one, other] = [this.items[left], this.items[left + 1]];
    return one && other && isBefore(other, one) ? left + 1 : left;
  }
}

function isBefore(one: Timed, other: Timed): boolean {
  return one.atMillis < other.atMillis || (one.atMillis === other.atMillis && one.order < other.order);
}

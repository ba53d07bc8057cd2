// The window of unacknowledged events: at most so many may be on their way to healthy clients at once, whoever publishes
// them, because correct hubs evict even fast readers on longer bursts. A pacer holds it for all checks that run side by
// side; fixtures and load tests, with one publisher each, hold it by counting.

export interface Pacer {
  readonly limit: number;
  /** Resolves when `count` more may be on their way (at most `limit` at once); call what it gives when they arrived. */
  take(count: number): Promise<() => void>;
}

/** Events that may be unacknowledged by a healthy client. */
export const WINDOW_EVENTS = 32;

/** For hubs whose buffer is short, half of it: what a witness has not read yet is not what fills it. */
export function paceFor(clientBufferMessages: number): number {
  return Math.max(1, Math.min(WINDOW_EVENTS, Math.floor(clientBufferMessages / 2)));
}

export function createPacer(limit: number = WINDOW_EVENTS): Pacer {
  let free = limit;
  const waiting: { readonly count: number; readonly admit: () => void }[] = [];
  function admitWaiting(): void {
    for (let next = waiting[0]; next !== undefined && next.count <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.count;
      next.admit();
    }
  }
  return {
    limit,
    async take(count) {
      if (count > limit) throw new Error(`${count} events at once, more than the pacer's ${limit}`);
      await new Promise<void>((resolve) => {
        waiting.push({ count, admit: resolve });
        admitWaiting();
      });
      let isReleased = false;
      return () => {
        if (isReleased) return;
        isReleased = true;
        free += count;
        admitWaiting();
      };
    },
  };
}

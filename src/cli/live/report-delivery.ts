// Tracks pages that still have to fetch the report. Separate from the server, because the WebSocket of a page may close
// before its fetch of the report is complete, and either may never happen.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../time/clock.ts';

/** Some browsers close the WebSocket of a page before they request the next one. */
const LEAVING_MILLIS = 1_000;

export interface ReportDelivery {
  /** A page that was notified of the report; its request carries the id. */
  expect(page: object): string;
  /** A request for the report in progress. */
  track(id: string, response: ServerResponse): void;
  /** The page's WebSocket has closed. */
  gone(page: object): void;
  /** Resolves when no page is pending, or at the deadline. */
  settled(deadlineMillis: number): Promise<void>;
}

export function createReportDelivery(clock: Clock): ReportDelivery {
  const waiting = new Map<string, object>();
  const fetching = new Set<string>();
  let nextId = 1;
  let onSettled: () => void = () => {};

  function drop(id: string): void {
    waiting.delete(id);
    fetching.delete(id);
    if (waiting.size === 0) onSettled();
  }

  return {
    expect(page) {
      const id = String(nextId++);
      waiting.set(id, page);
      return id;
    },
    track(id, response) {
      if (!waiting.has(id)) return;
      fetching.add(id);
      response.once('close', () => drop(id)); // sent, or the browser went away
    },
    gone(page) {
      for (const [id, one] of waiting)
        if (one === page) clock.after(LEAVING_MILLIS, () => void (fetching.has(id) || drop(id)));
    },
    async settled(deadlineMillis) {
      if (waiting.size === 0) return;
      await new Promise<void>((resolve) => {
        const deadline = clock.after(deadlineMillis, resolve);
        onSettled = () => {
          deadline.cancel();
          resolve();
        };
      });
    },
  };
}

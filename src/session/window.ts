// The window of unacknowledged events: at most so many may be on their way to healthy clients at once, whoever publishes
// them, because correct hubs evict even fast readers on longer bursts. Checks that run side by side share one window;
// fixtures and load tests, with one publisher each, hold it by counting.

/** Events that may be unacknowledged by a healthy client. */
export const WINDOW_EVENTS = 32;

/** For hubs whose buffer is short, half of it: what a witness has not read yet is not what fills it. */
export function paceFor(clientBufferMessages: number): number {
  return Math.max(1, Math.min(WINDOW_EVENTS, Math.floor(clientBufferMessages / 2)));
}

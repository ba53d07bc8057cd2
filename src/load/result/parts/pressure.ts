// What a run sent to fill the queues of clients that do not read.

export interface PressureResult {
  readonly events: number;
  /** Of what the events carry. */
  readonly bytes: number;
  /** False when it ended before the hub's queues were filled: the hub or the clients did not keep up. */
  readonly isWhole: boolean;
  /** What waited in the hub at the end for the stalled client that had least; null where the kernels show nothing. */
  readonly queuedMessages: number | null;
  readonly queuedBytes: number | null;
}

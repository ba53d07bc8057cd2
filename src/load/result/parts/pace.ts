// Whether the load of the plan was reached.

export interface PaceResult {
  /** Events due in the measured time, per second of it. */
  readonly askedPerSecond: number;
  /** Of those, the ones sent before it ended. */
  readonly sentPerSecond: number;
  /** p99 of sent minus due. */
  readonly lateMicros: number;
  /** Who was the limit; null when the load was reached. */
  readonly limitedBy: 'generator' | 'route' | 'refusals' | null;
  /** One sentence; null when the load was reached. */
  readonly reason: string | null;
}

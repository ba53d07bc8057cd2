// What a likely cause is: the proof that it is present, and the failed checks that it explains.

export interface Cause {
  readonly id: string;
  /** What is probably wrong with the hub, one sentence. */
  readonly sentence: string;
  /** The check whose failure shows the cause; of several, the first that failed is shown. */
  readonly decisive: readonly string[];
  /** Checks that must have failed too, to tell this cause from a smaller one. */
  readonly together?: readonly string[];
  /** Checks that must have passed, where they show that a larger cause is not the case. */
  readonly passed?: readonly string[];
  /** What a failed check must have observed: the proof of a cause that several checks may meet. Any check may be decisive. */
  readonly shownBy?: RegExp;
  /** Ids of checks that fail because of it. */
  readonly follows: RegExp;
}

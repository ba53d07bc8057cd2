// What a run of checks is given, and what comes of it.
import type { Target } from '../../target/target.ts';
import type { Check } from '../check.ts';
import type { CheckResult } from '../result.ts';
import type { Settings } from './settings.ts';

export interface RunOptions {
  readonly checks: readonly Check[];
  readonly target: Target;
  readonly settings: Settings;
  /** Aborted: the run ends soon, with what it has. */
  readonly signal?: AbortSignal;
  /** Called once for each check, as soon as its result is there. */
  readonly onResult?: (result: CheckResult) => void;
  /** False: each check runs, although one that it names in `blockedBy` failed. Default true. */
  readonly isBlocking?: boolean;
  /** Checks side by side; default 6. */
  readonly parallelChecks?: number;
}

export interface RunOutcome {
  /** In the order of `checks`. */
  readonly results: readonly CheckResult[];
  readonly isPartial: boolean;
}

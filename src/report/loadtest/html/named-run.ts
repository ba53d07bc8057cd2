// A run and what a page of several runs calls it.
import type { LoadtestResult } from '../../../load/result/result.ts';

export interface NamedRun {
  /** Empty when there is one run only. */
  readonly name: string;
  readonly result: LoadtestResult;
}

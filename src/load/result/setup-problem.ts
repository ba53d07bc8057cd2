// A run whose broadcast route refused everything from the start: nothing was tested, and what is wrong is the set-up.
import type { LoadtestResult } from './result.ts';

/** One sentence on what to change; undefined for any other run. */
export function setupProblemOf({
  hasTargetFailed,
  publishing,
  stoppedBecause,
}: LoadtestResult): string | undefined {
  const isRefused = publishing !== undefined && publishing.accepted === 0 && publishing.refused > 0;
  return isRefused && hasTargetFailed ? stoppedBecause : undefined;
}

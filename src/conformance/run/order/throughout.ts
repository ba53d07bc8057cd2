// Checks that only listen, for many seconds: they begin first, and go on while the first chapters of checks that are alone
// run.
import type { Chapter, Check } from '../../check.ts';
import type { CheckResult } from '../../result.ts';
import { isSuspect } from './suspects.ts';

/** Their checks that are alone do not mind one client more; later chapters count clients and memory. */
const CHAPTERS_WITH_LISTENERS: readonly Chapter[] = ['handshake', 'origin', 'envelope', 'delivery'];

export const mayListen = (alone: readonly Check[]): boolean =>
  alone.every(({ chapter }) => CHAPTERS_WITH_LISTENERS.includes(chapter));

interface Runs {
  run(check: Check): Promise<CheckResult>;
  report(result: CheckResult): void;
  /** Runs it alone, and reports it. */
  again(check: Check): Promise<void>;
}

/**
 * Begins them. The function that it returns waits until all are done. What did not pass runs again, alone, and only the
 * second result counts: a burst of another check may have evicted a client that listened.
 */
export function listenThroughout(
  checks: readonly Check[],
  { run, report, again }: Runs,
): () => Promise<void> {
  const listening = Promise.all(checks.map(async (check) => ({ check, result: await run(check) })));
  const settle = async (): Promise<void> => {
    for (const { check, result } of await listening) {
      if (isSuspect(result)) await again(check);
      else report(result);
    }
  };
  let settled: Promise<void> | undefined;
  return () => {
    settled ??= settle();
    return settled;
  };
}

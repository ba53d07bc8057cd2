// Checks that only listen, for many seconds: they begin first, and go on while the first chapters of checks that are alone
// run.
import type { Chapter, Check } from '../../check.ts';
import type { CheckResult } from '../../result.ts';
import { awaitedAtOnce, type Listening } from './listening.ts';
import { isSuspect } from './suspects.ts';

/** Their checks that are alone do not mind one client more; later chapters count clients and memory. */
const CHAPTERS_WITH_LISTENERS: readonly Chapter[] = [
  'handshake',
  'origin',
  'envelope',
  'delivery',
  'slow-client',
];

export const mayListen = (alone: readonly Check[]): boolean =>
  alone.every(({ chapter }) => CHAPTERS_WITH_LISTENERS.includes(chapter));

/** What failed after some time is listened for a little longer the second time. */
const LONGER_FACTOR = 1.25;
/** A run has no more time for it. */
const MOST_AGAIN_MILLIS = 20_000;

function unconfirmed({ expected: _, got, ...rest }: CheckResult): CheckResult {
  const reason = `beside other checks it failed after ${Math.round(rest.durationMs / 1e3)} s (${got ?? 'without a finding'}), and there was no time to repeat that alone`;
  return { ...rest, verdict: 'skip', reason };
}

interface Runs {
  run(check: Check, listening: Listening): Promise<CheckResult>;
  report(result: CheckResult): void;
  /** Runs it alone, and reports it. */
  again(check: Check, listening: Listening): Promise<void>;
}

/**
 * Begins them. The function that it returns says that they are waited for, and waits until all are done. What did not pass
 * runs again, alone, for as long as it took to fail, and only the second result counts: a burst of another check may have
 * evicted a client that listened. What took too long for that says nothing, unless two clients show it.
 */
export function listenThroughout(
  checks: readonly Check[],
  { run, report, again }: Runs,
): () => Promise<void> {
  const awaited = new AbortController();
  const listening = Promise.all(
    checks.map(async (check) => ({
      check,
      result: await run(check, { leastMillis: 0, awaited: awaited.signal }),
    })),
  );
  const settle = async (): Promise<void> => {
    awaited.abort();
    for (const { check, result } of await listening) {
      const againMillis = result.durationMs * LONGER_FACTOR;
      if (!isSuspect(result)) report(result);
      else if (againMillis <= MOST_AGAIN_MILLIS) await again(check, awaitedAtOnce(againMillis));
      else report(unconfirmed(result));
    }
  };
  let settled: Promise<void> | undefined;
  return () => {
    settled ??= settle();
    return settled;
  };
}

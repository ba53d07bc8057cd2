// The journal of a run: its result so far, handed in again and again while it goes on, so that a run whose coordinator is
// killed leaves what it had measured. It takes little of the time: the dearer it is, the rarer.
import type { Clock } from '../../../time/clock.ts';
import type { LoadtestResult } from '../../result/result.ts';

/** So much of a run that is cut off may be missing, as a share of it, within these limits. */
const MISSING_SHARE = 0.1;
const [LEAST_INTERVAL_MILLIS, MOST_INTERVAL_MILLIS] = [1_000, 5_000];
/**
 * A journal takes at most 1 % of the time of a worker, in slices. The coordinator, which publishes, stands still for it: a third
 * of that, so that not even a p99 shows it.
 */
const [LEAST_FACTOR_OF_WORKERS, LEAST_FACTOR_OF_COORDINATOR] = [100, 300];

export interface ResultSoFar {
  readonly result: LoadtestResult;
  /** The CPU time that it took of the worker that was busy longest, and of the coordinator. */
  readonly workerMicros: number;
  readonly foldMicros: number;
}

export interface JournalOptions {
  readonly clock: Clock;
  /** CPU time of this process. */
  readonly cpuMicros: () => number;
  /** Undefined when a worker did not answer in time. */
  readonly measure: () => Promise<ResultSoFar | undefined>;
  /** Resolves when it is written. */
  readonly write: (soFar: LoadtestResult) => Promise<void>;
}

export interface Journal {
  /** Nothing more is handed in; resolves when what was handed in is written. */
  close(): Promise<void>;
}

export function startJournal({ clock, cpuMicros, measure, write }: JournalOptions): Journal {
  const startedAtMicros = clock.nowMicros();
  let isClosed = false;
  let hasBegun = false;
  let written = Promise.resolve();
  let timer = clock.after(LEAST_INTERVAL_MILLIS, () => void turn());

  async function turn(): Promise<void> {
    const leastMicros = await note();
    if (isClosed) return;
    // The first one is dear, as nothing is compiled yet, and says nothing of the next.
    const isFirst = !hasBegun;
    hasBegun = true;
    const elapsedMillis = (clock.nowMicros() - startedAtMicros) / 1e3;
    timer = clock.after(
      Math.max(wantedMillis(elapsedMillis), isFirst ? 0 : leastMicros / 1e3),
      () => void turn(),
    );
  }

  /** Resolves with the least time until the next. */
  async function note(): Promise<number> {
    const soFar = await measure();
    if (soFar === undefined || isClosed) return 0;
    const beganAtMicros = cpuMicros();
    written = write(soFar.result);
    const renderMicros = cpuMicros() - beganAtMicros;
    await written;
    return Math.max(
      LEAST_FACTOR_OF_WORKERS * soFar.workerMicros,
      LEAST_FACTOR_OF_COORDINATOR * (soFar.foldMicros + renderMicros),
    );
  }

  return {
    close() {
      isClosed = true;
      timer.cancel();
      return written;
    },
  };
}

function wantedMillis(elapsedMillis: number): number {
  return Math.min(MOST_INTERVAL_MILLIS, Math.max(LEAST_INTERVAL_MILLIS, elapsedMillis * MISSING_SHARE));
}

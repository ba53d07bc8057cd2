// Which worker processes no longer report: stopped, or without CPU time. Looks are counted, not time, so that a coordinator
// that was itself stopped blames nobody.
import type { Clock } from '../../../time/clock.ts';

const LOOK_MILLIS = 1_000;
/** Until its first message a process has this many looks, as many start at once. */
const MAX_START_LOOKS = 30;
/** A worker reports ten times a second. */
const MAX_SILENT_LOOKS = 10;

export interface SilenceWatch {
  /** This worker has sent a message. */
  heard(index: number): void;
  isSilent(index: number): boolean;
  /** Nobody waits for it any more. */
  forget(index: number): void;
  /** Every worker that is waited for has sent a message within this time. */
  haveAllReported(withinMillis: number): boolean;
  close(): void;
}

/** Calls `onSilent` once for each worker that is silent, with a sentence. */
export function createSilenceWatch(
  clock: Clock,
  workers: number,
  onSilent: (index: number, sentence: string) => void,
): SilenceWatch {
  const states = Array.from({ length: workers }, () => ({
    looks: 0,
    hasStarted: false,
    isSilent: false,
    heardAtMicros: Number.NEGATIVE_INFINITY,
  }));
  const forgotten = new Set<number>();

  function look(): void {
    timer = clock.after(LOOK_MILLIS, look);
    for (const [index, state] of states.entries()) {
      const most = state.hasStarted ? MAX_SILENT_LOOKS : MAX_START_LOOKS;
      if (++state.looks <= most || state.isSilent || forgotten.has(index)) continue;
      state.isSilent = true;
      onSilent(index, describeSilence(index, state.hasStarted));
    }
  }
  let timer = clock.after(LOOK_MILLIS, look);

  return {
    heard(index) {
      states[index] = { looks: 0, hasStarted: true, isSilent: false, heardAtMicros: clock.nowMicros() };
    },
    forget: (index) => forgotten.add(index),
    isSilent: (index) => states[index]?.isSilent === true,
    haveAllReported: (withinMillis) =>
      states.every(
        ({ heardAtMicros }, index) =>
          forgotten.has(index) || clock.nowMicros() - heardAtMicros <= withinMillis * 1e3,
      ),
    close: () => timer.cancel(),
  };
}

function describeSilence(index: number, hasStarted: boolean): string {
  const what = hasStarted
    ? `has not reported for ${MAX_SILENT_LOOKS} s`
    : `did not start within ${MAX_START_LOOKS} s`;
  return `worker process ${index + 1} ${what}: it was stopped, or got no CPU time`;
}

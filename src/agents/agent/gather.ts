// What the workers of an agent say goes to the coordinator together, and how far they are only a few times a second: with many agents the
// coordinator could not read what each worker says ten times a second. Nothing is dropped: of two reports of one worker the later
// one has what is, and what happened meanwhile is joined.
import { joinProgress, type Progress } from '../../load/worker/agent/join-progress.ts';
import type { Clock, Timer } from '../../time/clock.ts';
import type { OfWorker } from '../messages/messages.ts';

/** What somebody waits for. */
const SOON_MILLIS = 25;
/** A run looks at the progress of its clients to within a second. */
const PROGRESS_MILLIS = 250;

export interface Gathering {
  add(one: OfWorker): void;
  /** The next progress of this worker is waited for. */
  want(worker: number): void;
  close(): void;
}

export function createGathering(clock: Clock, send: (all: readonly OfWorker[]) => void): Gathering {
  let gathered: OfWorker[] = [];
  let timer: { readonly dueMicros: number; readonly timer: Timer } | undefined;
  const wanted = new Set<number>();
  let isClosed = false;

  function flushWithin(millis: number): void {
    const dueMicros = clock.nowMicros() + millis * 1e3;
    if (timer !== undefined && timer.dueMicros <= dueMicros) return;
    timer?.timer.cancel();
    timer = { dueMicros, timer: clock.after(millis, flush) };
  }

  function flush(): void {
    timer = undefined;
    const all = gathered;
    gathered = [];
    send(all);
  }

  return {
    add(one) {
      if (isClosed) return;
      const report = progressOf(one);
      const at = gathered.findLastIndex(({ worker }) => worker === one.worker);
      const before = progressOf(gathered[at]);
      if (report && before) gathered[at] = { worker: one.worker, message: joinProgress(before, report) };
      else gathered.push(one);
      flushWithin(report === undefined || wanted.delete(one.worker) ? SOON_MILLIS : PROGRESS_MILLIS);
    },
    want: (worker) => wanted.add(worker),
    close() {
      isClosed = true;
      timer?.timer.cancel();
    },
  };
}

function progressOf(one: OfWorker | undefined): Progress | undefined {
  return one !== undefined && 'message' in one && one.message.kind === 'progress' ? one.message : undefined;
}

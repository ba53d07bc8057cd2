// From one reading of threads to the next: how long each stood ready without a core, the waits that go on included.
import type { ThreadWaits as ThreadReading, TreeWaits } from '../../../target/process-tree/core-waits.ts';
import { waitOfEvent } from './core-waits.ts';

export interface ThreadWaits {
  /** Of the `millis` since the reading before; `cpuMillis` of CPU time were used in them. */
  since(before: TreeWaits, after: TreeWaits, millis: number, cpuMillis: number): ThreadWaitsInTime;
}

interface ThreadWaitsInTime {
  readonly readyMillis: number;
  readonly busyThreads: number;
  /** The thread that waited longest. */
  readonly waiter: number;
}

export function createThreadWaits(isReady: (tid: number) => boolean): ThreadWaits {
  /** Waits that are not over, by thread: the system counts them when they are. */
  const pendingMillis = new Map<number, number>();

  /** A thread that was not there before has waited since then. */
  function waitOf(tid: number, millis: number, now: ThreadReading, before?: ThreadReading): number {
    const counted = pendingMillis.get(tid) ?? 0;
    pendingMillis.delete(tid);
    if (before?.mark !== now.mark)
      return Math.max(0, now.waitedMillis - (before?.waitedMillis ?? 0) - counted);
    if (!isReady(tid)) return 0;
    pendingMillis.set(tid, counted + millis);
    return millis;
  }

  return {
    since(before, after, millis, cpuMillis) {
      const waits: number[] = [];
      let [longestMillis, waiter] = [-1, 0];
      for (const [tid, thread] of after.threads) {
        const each = Math.min(millis, waitOf(tid, millis, thread, before.threads.get(tid)));
        waits.push(each);
        if (each > longestMillis) [longestMillis, waiter] = [each, tid];
      }
      const busyThreads = waits.reduce((sum, each) => sum + each, cpuMillis) / millis;
      return { readyMillis: waitOfEvent(waits, millis), busyThreads, waiter };
    },
  };
}

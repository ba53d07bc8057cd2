// From one reading of threads to the next: how long each stood ready without a core, the waits that go on included.
import type { ThreadWaits, TreeWaits } from '../../../../target/process-tree/core-waits.ts';
import { waitOfEvent } from '../core-waits.ts';

export interface WaitCounter {
  since(before: TreeWaits, after: TreeWaits, between: Between): WaitsInTime;
}

/** Two readings. */
interface Between {
  readonly millis: number;
  /** How much CPU time the threads used, those that were not read included. */
  readonly cpuMillis: number;
  /** No core was busy most of the time: who did not run had not been ready since the reading before. */
  readonly areCoresFree: boolean;
}

interface WaitsInTime {
  readonly readyMillis: number;
  readonly busyThreads: number;
  /** The thread that waited longest. */
  readonly waiter: number;
}

export function createWaitCounter(isReady: (tid: number) => boolean): WaitCounter {
  /** Waits that are not over, by thread: the system counts them when they are. */
  let pendingMillis = new Map<number, number>();

  return {
    since(before, after, { millis, cpuMillis, areCoresFree }) {
      const pending = new Map<number, number>();
      /** A thread that was not there before has waited since then. */
      function waitOf(tid: number, now: ThreadWaits, earlier?: ThreadWaits): number {
        const counted = pendingMillis.get(tid) ?? 0;
        if (earlier?.mark !== now.mark)
          return Math.max(0, now.waitedMillis - (earlier?.waitedMillis ?? 0) - counted);
        const isWaiting = !areCoresFree && isReady(tid);
        if (isWaiting || areCoresFree) pending.set(tid, counted + (isWaiting ? millis : 0));
        return isWaiting ? millis : 0;
      }

      const [sure, inTurn]: [number[], number[]] = [[], []];
      let [longestMillis, waiter] = [-1, 0];
      for (const [tid, thread] of after.threads) {
        const earlier = before.threads.get(tid);
        // Perhaps it was there and not read: since when it waited is not known.
        if (earlier === undefined && before.threads.size < before.threadCount) continue;
        const each = Math.min(millis, waitOf(tid, thread, earlier));
        (thread.isSample ? inTurn : sure).push(each);
        if (each > longestMillis) [longestMillis, waiter] = [each, tid];
      }
      pendingMillis = pending;
      const eachStandsFor = (after.threadCount - sure.length) / Math.max(1, inTurn.length);
      const busyThreads = (cpuMillis + sum(sure) + sum(inTurn) * eachStandsFor) / millis;
      return { readyMillis: waitOfEvent([...sure, ...inTurn], millis), busyThreads, waiter };
    },
  };
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

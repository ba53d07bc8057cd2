// Reads, some times a second, how long the threads of the hub and of the runner stood ready without a core, so that a verdict
// about time is discarded when other programs had the cores, and not the hub was slow (find-doubt.ts). Where the processes of
// the hub are not known, only the runner is watched; where the system does not show it, nobody.
import type { CoreTimes } from '../../../../target/process-tree/core-times.ts';
import {
  coresOf,
  cpuSecondsOf,
  createTreeReader,
  isReady,
  readCores,
  readMainThread,
  type TreeReader,
  type TreeWaits,
  withDescendants,
} from '../../../../target/process-tree/core-waits.ts';
import type { Clock, Timer } from '../../../../time/clock.ts';
import { type CoreWaits, waitedForOthers } from '../core-waits.ts';
import { createPidList, type HubProcesses } from './hub-processes.ts';
import { createWaitCounter, type WaitCounter } from './wait-counter.ts';

export interface CoresWatch {
  /** Up to this moment. */
  waitsSince(micros: number): readonly CoreWaits[];
  stop(): void;
}

/** What the system shows. */
export interface SystemFacts {
  withDescendants(pids: readonly number[]): readonly number[];
  createTreeReader(): TreeReader;
  readMainThread(pid: number): TreeWaits | undefined;
  cpuSecondsOf(pids: readonly number[]): number;
  isReady(tid: number): boolean;
  readCores(): ReadonlyMap<number, CoreTimes>;
  coresOf(tid: number): readonly number[];
  readonly ownPid: number;
}

const LINUX: SystemFacts = {
  ...{ withDescendants, createTreeReader, readMainThread, cpuSecondsOf, isReady, readCores, coresOf },
  ownPid: process.pid,
};

const READING_MILLIS = 250;
/** Two readings closer than this are one. */
const LEAST_MILLIS = 20;
/** A core that is idle for the rest has nobody who waits for it all the time. */
const MOST_BUSY = 1 / 2;
const MOST_SPANS = 4_000;

interface Reading {
  readonly atMicros: number;
  readonly hub: TreeWaits | undefined;
  /** Since the start of its processes; undefined where they are not known, nor found. */
  readonly hubCpuSeconds: number | undefined;
  readonly runner: TreeWaits;
  readonly cores: ReadonlyMap<number, CoreTimes>;
}

export function watchCores(clock: Clock, processes: HubProcesses, system: SystemFacts = LINUX): CoresWatch {
  const spans: CoreWaits[] = [];
  const [hubThreads, runnerThreads] = [createWaitCounter(system.isReady), createWaitCounter(system.isReady)];
  const readHub = system.createTreeReader();
  const pidsOf = createPidList(clock, processes, system);
  let last: Reading | undefined;
  let timer: Timer | undefined;

  function take(): Reading | undefined {
    // Its event loop: what its other threads do is not waited for.
    const runner = system.readMainThread(system.ownPid);
    if (runner === undefined) return undefined;
    const { pids, isKnown } = pidsOf(last?.hubCpuSeconds === undefined);
    const hub = isKnown ? readHub(pids) : undefined;
    const hubCpuSeconds = isKnown ? hub?.cpuSeconds : system.cpuSecondsOf(pids) || undefined;
    return { atMicros: clock.nowMicros(), hub, hubCpuSeconds, runner, cores: system.readCores() };
  }

  function look(): void {
    const reading = take();
    if (reading !== undefined && last !== undefined) {
      spans.push(spanBetween(last, reading));
      if (spans.length > MOST_SPANS) spans.shift();
    }
    last = reading;
  }

  function spanBetween(before: Reading, after: Reading): CoreWaits {
    const millis = (after.atMicros - before.atMicros) / 1e3;
    const hubCpuMillis = usedMillis(before.hubCpuSeconds, after.hubCpuSeconds);
    const runnerCpuMillis = usedMillis(before.runner.cpuSeconds, after.runner.cpuSeconds);
    const areCoresFree = [...after.cores.keys()].every(
      (core) => millisOfCore(core, before, after, ({ idleSeconds }) => idleSeconds) > millis * MOST_BUSY,
    );
    function waited(threads: WaitCounter, from: TreeWaits, to: TreeWaits, cpuMillis: number): number {
      const { waiter, ...waits } = threads.since(from, to, { millis, cpuMillis, areCoresFree });
      const cores = coresBetween(before, after, system.coresOf(waiter), hubCpuMillis + runnerCpuMillis);
      return waitedForOthers({ millis, ...waits, ...cores });
    }
    const isHubKnown = before.hub !== undefined && after.hub !== undefined;
    return {
      startMicros: before.atMicros,
      endMicros: after.atMicros,
      hubMillis: isHubKnown ? waited(hubThreads, before.hub, after.hub, hubCpuMillis) : 0,
      runnerMillis: waited(runnerThreads, before.runner, after.runner, runnerCpuMillis),
    };
  }

  function arm(inMillis: number): void {
    timer = clock.after(inMillis, () => {
      look();
      if (last !== undefined) arm(READING_MILLIS);
    });
  }

  arm(0);
  return {
    waitsSince(micros) {
      if (last !== undefined && clock.nowMicros() - last.atMicros >= LEAST_MILLIS * 1e3) look();
      return spans.filter(({ endMicros }) => endMicros > micros);
    },
    stop: () => timer?.cancel(),
  };
}

/** CPU time; 0 for a hub that is not known, or was started again. */
const usedMillis = (before?: number, after?: number): number =>
  before === undefined || after === undefined ? 0 : Math.max(0, after - before) * 1e3;

type SecondsOf = (times: CoreTimes) => number;

function millisOfCore(core: number, before: Reading, after: Reading, of: SecondsOf): number {
  const [earlier, later] = [before.cores.get(core), after.cores.get(core)];
  return earlier && later ? (of(later) - of(earlier)) * 1e3 : 0;
}

/** What the allowed cores did, or all where these are not known: a container may number them in its own way. */
function coresBetween(before: Reading, after: Reading, allowed: readonly number[], ownMillis: number) {
  const isKnown = allowed.length > 0 && allowed.every((core) => after.cores.has(core));
  const cores = isKnown ? allowed : [...after.cores.keys()];
  const sum = (of: SecondsOf): number =>
    cores.reduce((all, core) => all + millisOfCore(core, before, after, of), 0);
  return {
    cores: Math.max(1, cores.length),
    idleMillis: sum(({ idleSeconds }) => idleSeconds),
    othersMillis: Math.max(0, sum((times) => times.busySeconds + times.stolenSeconds) - ownMillis),
  };
}

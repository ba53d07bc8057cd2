// Who lacked CPU time during a run: the runner or the hub.
import type { Target } from '../../../../target/target.ts';
import type { Clock } from '../../../../time/clock.ts';
import { hubProcessesOf } from './hub-processes.ts';
import { type CoresWatch, watchCores } from './watch-cores.ts';
import { type RunnerWatch, watchRunner } from './watch-runner.ts';

export interface CpuWatch {
  readonly runner: RunnerWatch;
  readonly cores: CoresWatch;
  /** Time since then (a reading of the clock) that the run lost to other programs. */
  lostMillisSince(micros: number): number;
  stop(): void;
}

/** `target`: the hub as it is now. */
export function watchCpu(clock: Clock, target: () => Target): CpuWatch {
  const [runner, cores] = [watchRunner(clock), watchCores(clock, hubProcessesOf(target))];
  return {
    runner,
    cores,
    lostMillisSince: (micros) =>
      cores
        .waitsSince(micros)
        .reduce((sum, { hubMillis }) => sum + hubMillis, runner.totalMillisSince(micros)),
    stop() {
      runner.stop();
      cores.stop();
    },
  };
}

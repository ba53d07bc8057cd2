// Who lacked CPU time during a run: the runner or the hub.
import type { Clock } from '../../../../time/clock.ts';
import { type CoresWatch, watchCores } from './watch-cores.ts';
import { type RunnerWatch, watchRunner } from './watch-runner.ts';

export interface CpuWatch {
  readonly runner: RunnerWatch;
  readonly cores: CoresWatch;
  /** Time since then (a reading of the clock) that the run lost to other programs. */
  lostMillisSince(micros: number): number;
  stop(): void;
}

/** `listPids` gives the processes of the hub; undefined where they are not known. */
export function watchCpu(clock: Clock, listPids: () => readonly number[] | undefined): CpuWatch {
  const [runner, cores] = [watchRunner(clock), watchCores(clock, listPids)];
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

// One agent that did not get its CPU: the run is inconclusive and names it, whatever the others measured.
import { expect, it } from 'vitest';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { foldVerdict } from '../fold-verdict.ts';
import type { CohortResult, ProcessHealth } from '../result.ts';
import { foldMachines } from './fold-machines.ts';

const HEALTHY: ProcessHealth = {
  cpuSeconds: 1,
  utilization: 0.2,
  eventLoopDelayMicros: { p99: 1_000, max: 2_000 },
  starvedShare: 0.01,
  rssBytes: 1e8,
};
const agent = (name: string, firstWorker: number) => ({
  ...{ name, host: 'h', firstWorker, workers: 1, lastBeatMillisAgo: 100 },
  ...{ clockErrorMicros: 100, clockContradictions: 0, resentMessages: 0 },
});
const worker = (index: number, health: ProcessHealth) =>
  ({ worker: index, cohorts: [], health }) as unknown as WorkerResult;

function verdictWith(health: ProcessHealth) {
  const { generator } = foldMachines(
    {
      results: [worker(0, HEALTHY), worker(1, health)],
      coordinator: HEALTHY,
      measuredFromMicros: 0,
      agents: [agent('a', 0), agent('b', 1)],
    },
    undefined,
  );
  const verdict = foldVerdict({
    ...{ generator, measuredEvents: 100, hasTargetFailed: false, isPartial: false, isObserved: false },
    ...{ findings: [], thresholds: [], cohorts: [{ received: 100 } as CohortResult] },
  });
  return { verdict, reasons: generator.reasons };
}

it('passes where both agents kept up', () => {
  expect(verdictWith(HEALTHY)).toEqual({ verdict: 'passed', reasons: [] });
});

it('is inconclusive where one was starved, and names it', () => {
  expect(verdictWith({ ...HEALTHY, starvedShare: 0.47 })).toEqual({
    verdict: 'inconclusive',
    reasons: ['worker 1 of agent b did not get the CPU 47 % of the time (limit 40 %)'],
  });
});

// The result of a run so far, from interim accounts of its workers: what is on its way is not judged.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { FoldInput } from '../../result/fold-result.ts';
import { publishedRanges } from '../../result/published-ranges.ts';
import { readCpuMicros } from '../../worker/account/cpu-time.ts';
import { type FoldedRun, foldRun, type HubFigures, type RunMoment, readMoment } from '../fold-run.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { ResultSoFar } from './journal.ts';

export interface GoingRun extends FoldedRun {
  readonly series: { soFar(): FoldInput['series'] };
  /** From this event on everybody who must be kept had joined. */
  readonly owedFrom: number | undefined;
  readHubs(): Promise<HubFigures>;
}

/** Undefined where a worker does not answer in time, or an adapter does not while its hub is under a fault. */
export async function measureSoFar(
  run: GoingRun,
  pool: Pick<WorkerPool, 'account'>,
): Promise<ResultSoFar | undefined> {
  const { publisher, options } = run;
  const { plan } = options;
  const hubs = await run.readHubs().catch(() => undefined);
  if (hubs === undefined) return undefined;
  const moment = asCutOff(readMoment(run), run.startedAtMicros);
  const ranges = publishedRanges(plan, moment.publishedEvents, run.owedFrom, Number.POSITIVE_INFINITY);
  const accounts = await pool.account(ranges, publisher.settledSequences);
  if (accounts === undefined) return undefined;
  const beganAtMicros = readCpuMicros();
  const { results, unaccounted = [] } = accounts;
  const measured = { ...hubs, results, unaccounted, series: run.series.soFar(), http: [] };
  const result = foldRun(run, moment, measured);
  return { result, workerMicros: accounts.busyMicros, foldMicros: readCpuMicros() - beganAtMicros };
}

/** A run that is cut off has no reason of its own. */
function asCutOff(moment: RunMoment, startedAtMicros: number): RunMoment {
  const elapsed = renderDurationMillis((moment.endedAtMicros - startedAtMicros) / 1e3);
  const because = `the run was cut off: this is what was measured in its first ${elapsed}`;
  return { ...moment, stop: moment.stop ?? { by: 'kit', because } };
}

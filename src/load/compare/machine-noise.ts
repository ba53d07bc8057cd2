// Was it the machine? Two runs at different times meet a machine in different moods, and the load generator feels it,
// too: its own delays are the control. Where they moved as the latencies did, and the hub did no more work for each
// delivery, the difference is not the hub's.
import { renderMicros } from '../../units/duration.ts';
import type { LoadtestResult } from '../result/result.ts';
import type { RatioEstimate } from './statistics/ratio.ts';

type Percentile = 'p50' | 'p90' | 'p99' | 'p999';

/** So much of a difference must be the generator's own: the hub is a process like it, and waits as it does. */
const EXPLAINED_SHARE = 0.4;
/** A hub that takes this much more CPU for a delivery makes the machine busy itself. */
const MORE_WORK = 1.1;

/** One sentence where the machine explains the difference. */
export function explainByMachine(
  percentile: Percentile,
  { ratio }: RatioEstimate,
  latencyMicros: { readonly a: number; readonly b: number },
  a: LoadtestResult,
  b: LoadtestResult,
): string | undefined {
  const [slow, quick] = ratio > 1 ? [b, a] : [a, b];
  const differenceMicros = Math.abs(latencyMicros.b - latencyMicros.a);
  const noiseMicros = ownDelayMicros(slow, percentile) - ownDelayMicros(quick, percentile);
  if (noiseMicros < differenceMicros * EXPLAINED_SHARE) return undefined;
  const [work, lessWork] = [cpuMicrosPerDelivery(slow), cpuMicrosPerDelivery(quick)];
  if (work !== null && lessWork !== null && work > lessWork * MORE_WORK) return undefined;
  const side = ratio > 1 ? 'B' : 'A';
  return `the machine was busier in ${side}: the driver's own delays were ${renderMicros(noiseMicros)} longer (norn-loadtest ab loads both in turn)`;
}

/** Late sends and, for the slow end, late reads. */
function ownDelayMicros({ lateness, generator }: LoadtestResult, percentile: Percentile): number {
  const reads = generator.workers.map(({ eventLoopDelayMicros }) =>
    percentile === 'p999' ? eventLoopDelayMicros.max : eventLoopDelayMicros.p99,
  );
  return lateness[percentile] + (percentile === 'p50' ? 0 : Math.max(0, ...reads));
}

/** Null where the hub's process cannot be read. */
export function cpuMicrosPerDelivery({ hub, ledger }: LoadtestResult): number | null {
  return hub === null || ledger.received === 0 ? null : (hub.cpuSeconds * 1e6) / ledger.received;
}

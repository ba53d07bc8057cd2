// A load test as a badge: the verdict, and what the fast clients waited.
import type { LoadtestResult } from '../../load/result/result.ts';
import { renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { type Badge, renderBadge } from '../format/badge.ts';

const COLORS: Readonly<Record<LoadtestResult['verdict'], Badge['color']>> = {
  passed: 'brightgreen',
  failed: 'red',
  inconclusive: 'lightgrey',
};

export function renderLoadtestBadge({ verdict, cohorts, throughput }: LoadtestResult): string {
  const fast = cohorts.find(({ name }) => name === 'fast') ?? cohorts[0];
  const rate = `${renderCount(throughput.deliveriesPerSecond)} deliveries/s`;
  const wait =
    fast === undefined || fast.latencyMicros.count === 0
      ? ''
      : `, p99 ${renderMicros(fast.latencyMicros.p99)}`;
  return renderBadge({ label: 'load test', message: `${verdict}: ${rate}${wait}`, color: COLORS[verdict] });
}

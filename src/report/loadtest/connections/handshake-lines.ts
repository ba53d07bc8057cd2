// Opening handshakes of a load test as figures: what was agreed on, and one line for each cause of failures.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderCount } from '../../../units/rate.ts';

/** Nothing where all clients connected and none offered a subprotocol. */
export function handshakeLines({ cohorts, subprotocols = [] }: LoadtestResult): string[] {
  const agreed = subprotocols.map(
    ({ name, connections }) => `${renderCount(connections)} x ${name ?? 'none of those offered'}`,
  );
  const failed = cohorts.flatMap(({ name, failures = [] }) =>
    failures.map(
      ({ cause, count, sample }) =>
        `failures{cause=${cause},cohort=${name}}: ${renderCount(count)}, such as: ${sample}`,
    ),
  );
  return [...(agreed.length === 0 ? [] : [`subprotocols: ${agreed.join(', ')}`]), ...failed];
}

/** Whether any client was let in. */
export function hasConnected({ cohorts }: LoadtestResult): boolean {
  return cohorts.some(({ connected }) => connected > 0);
}

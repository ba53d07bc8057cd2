// A client that does not read does not see that the process of its hub has ended. When another one is there, liveness probes show
// it: the first is answered with a reset, at which the second one fails.
import type { Clock } from '../../../time/clock.ts';
import type { FaultWindow } from '../../faults/fault-window.ts';
import type { CohortState } from '../cohort-state.ts';
import { isProcessLost } from './known-faults.ts';

const PROBE_MILLIS = [0, 250, 1_000];

type Probed = Pick<CohortState, 'hub' | 'connections'>;

/** Nothing where the fault is not over, or left the process alive. */
export function probeLost(states: readonly Probed[], window: FaultWindow, clock: Clock): void {
  if (window.untilMicros === undefined || !isProcessLost(window.kind)) return;
  const probe = () => {
    for (const state of states) {
      if (!window.hubs.includes(state.hub)) continue;
      for (const { client } of state.connections())
        if ((client.facts.connectedAtMicros ?? 0) < window.fromMicros) client.probeLiveness();
    }
  };
  for (const millis of PROBE_MILLIS) clock.after(millis, probe);
}

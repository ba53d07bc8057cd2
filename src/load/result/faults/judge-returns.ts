// Clients that came back, or should have: got nothing afterwards, got what they had before, or never got in again.
import type { Cohort } from '../../../client/cohort.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { CohortPart } from '../../worker/worker-messages.ts';
import { describeFailures } from '../findings/failed-connections.ts';
import type { Finding } from '../result.ts';

/** A replay is a fact, also of a run that ended early. */
export function judgeReplays(
  { name: cohort }: Pick<Cohort, 'name'>,
  { balance }: Pick<CohortPart, 'balance'>,
): Finding[] {
  if (!(balance.replayed > 0)) return [];
  const message = `${balance.replayed} deliveries to clients that had come back were older than what these had: the hub replays old events`;
  return [{ name: 'replayed', severity: 'error', cohort, message }];
}

/** Connected, and left out of what the others got since. */
export function judgeDeaf(
  { name: cohort, stages }: Pick<Cohort, 'name' | 'stages'>,
  { deaf = 0 }: Pick<CohortPart, 'deaf'>,
): Finding[] {
  if (deaf === 0) return [];
  const what = stages === undefined ? 'connected again' : 'joined while the run went on';
  const message = `${deaf} clients ${what} and got nothing, while others got events: the hub accepted them and did not register them`;
  return [{ name: 'deaf', severity: 'error', cohort, message }];
}

/** Where a threshold says how many must come back, it judges. */
export function judgeAway(
  { name: cohort, reconnect }: Pick<Cohort, 'name' | 'reconnect'>,
  { away = 0, failures }: Pick<CohortPart, 'away' | 'failures'>,
  thresholds: readonly Pick<Threshold, 'metric'>[],
): Finding[] {
  if (away === 0) return [];
  if (reconnect === undefined)
    return [
      {
        name: 'not-returned',
        severity: 'warning',
        cohort,
        message: `${away} clients were dropped by a fault and did not come back, because nothing says how they do: add --reconnect`,
      },
    ];
  const severity = thresholds.some(({ metric }) => metric === 'recovered') ? 'warning' : 'error';
  const message = `${away} clients were dropped by a fault and could not come back: ${describeFailures(failures)}`;
  return [{ name: 'not-returned', severity, cohort, message }];
}

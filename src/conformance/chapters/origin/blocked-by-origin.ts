// Checks of other chapters whose clients send an Origin, as browsers do. Where the hub refuses that origin, the origin
// rule is what is broken, and a check of the chapter origin fails for it: the other check is skipped.
import { CheckEnded, skip } from '../../finding.ts';
import type { ConnectOptions, Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { tryOrigin } from './origin-attempt.ts';

/** One of the protocol's default origins. */
export const DASHBOARD_ORIGIN = 'http://localhost:5173';

/** Witnesses with the headers of `options`, among them the dashboard's origin. */
export async function witnessesOfDashboard(
  lab: Lab,
  count: number,
  options: ConnectOptions,
): Promise<LabClient[]> {
  try {
    return await lab.witnesses(count, options);
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    const [alone, without] = [await tryOrigin(lab, DASHBOARD_ORIGIN), await tryOrigin(lab, '', [])];
    if (alone.outcome === 'accepted' || without.outcome !== 'accepted') throw ended;
    throw new CheckEnded(skip(`blocked by origin.defaults-allowed: ${alone.text}`));
  }
}

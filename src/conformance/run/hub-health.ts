// The health of the hub, as a new client finds it. Measured before the first check and after every check that had the hub
// to itself, so that the failure is assigned to the check that killed the hub.
import { CheckEnded, type RouteFailure } from '../finding.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabClient } from '../lab/lab-client.ts';
import type { OwnedLab } from '../lab/open-lab.ts';

/** From worst to best: refuses clients; accepts one; answers its Ping; delivers a broadcast to it. */
export const HEALTH_LEVELS = ['dead', 'accepts', 'answers', 'delivers'] as const;

export interface HubHealth {
  readonly level: (typeof HEALTH_LEVELS)[number];
  /** What is missing for the next level; empty at the best. */
  readonly problem: string;
  /** Clients are served, and the broadcast route does this. */
  readonly route?: RouteFailure | undefined;
}

/** Stops at the level `enough`. With a client that a broadcast has reached, `measurePace` measures more. */
export async function checkHubHealth(
  owned: OwnedLab,
  enough: HubHealth['level'] = 'delivers',
  measurePace?: (lab: Lab, client: LabClient) => Promise<void>,
): Promise<HubHealth> {
  const { lab } = owned;
  let level: HubHealth['level'] = 'dead';
  try {
    const client = await lab.connect();
    level = 'accepts';
    if (enough === level) return { level, problem: '' };
    if (!(await client.ping('alive'))) return { level, problem: 'a new client gets no Pong' };
    level = 'answers';
    if (enough === level) return { level, problem: '' };
    if (!lab.abilities.broadcast) return { level: 'delivers', problem: '' };
    await lab.join([client]);
    // Late events take the run's time: one of them has come.
    if (!lab.deliveries.isSlow) await lab.fence([client]);
    level = 'delivers';
    await measurePace?.(lab, client);
    return { level, problem: '' };
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    return { level, problem: ended.message, route: ended.route };
  } finally {
    await owned.close();
  }
}

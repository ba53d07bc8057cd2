// Whether the hub still is as healthy as before the first check, and what becomes of the run when it is not: it is
// started again where the kit can do that, else nothing more can be judged.
import type { Target } from '../../target/target.ts';
import type { RouteFailure } from '../finding.ts';
import type { OwnedLab } from '../lab/open-lab.ts';
import { checkHubHealth, HEALTH_LEVELS, type HubHealth } from './hub-health.ts';
import type { Wait } from './starvation/core-waits.ts';
import { measureDeliveries } from './waits/measure-deliveries.ts';

export interface HubLifeParts {
  readonly target: Target;
  /** For a health check. */
  readonly openLab: () => OwnedLab;
  /** Whether other programs kept the hub from answering in these waits. */
  readonly wasStarved: (inVain: readonly Wait[]) => boolean;
  readonly signal: AbortSignal;
}

export interface Death {
  readonly problem: string;
  /** The hub runs again. */
  readonly isRevived: boolean;
  /** Clients are served, and the broadcast route fails in this way. */
  readonly route: RouteFailure | undefined;
}

export interface HubLife {
  /** Changes when the hub is started again. */
  readonly target: Target;
  /** The health before the first check: no check is blamed for what never worked. */
  measureBaseline(): Promise<HubHealth['level']>;
  /** Undefined while the hub is as healthy as at the beginning; else what is wrong, after an attempt to restart it. */
  findDeath(suspect: string): Promise<Death | undefined>;
}

/** A health check that failed while other programs had the cores is repeated. */
const MOST_LOOKS = 3;

export function createHubLife({ target: first, openLab, wasStarved, signal }: HubLifeParts): HubLife {
  let target = first;
  let baseline: HubHealth['level'] = 'delivers';

  async function revive(problem: string, route: RouteFailure | undefined): Promise<Death> {
    if (!target.abilities.restart) return { problem, isRevived: false, route };
    await target.kill();
    const start = await target.restart();
    if (!start.ok)
      return {
        problem: `${problem}, and it could not be started again: ${start.problem}`,
        isRevived: false,
        route: undefined,
      };
    target = start.target;
    return { problem, isRevived: true, route };
  }

  /** What is worse than before; undefined where nothing is, or where the hub had no CPU time to show it. */
  async function lookAgain(): Promise<HubHealth | undefined> {
    for (let made = 0; made < MOST_LOOKS; made++) {
      const owned = openLab();
      const health = await checkHubHealth(owned, baseline);
      if (HEALTH_LEVELS.indexOf(health.level) >= HEALTH_LEVELS.indexOf(baseline)) return undefined;
      if (!wasStarved(owned.inVain)) return health;
    }
    return undefined;
  }

  return {
    get target() {
      return target;
    },
    async measureBaseline() {
      baseline = (await checkHubHealth(openLab(), 'delivers', measureDeliveries)).level;
      return baseline;
    },
    async findDeath(suspect) {
      if (signal.aborted) return undefined;
      const health = await lookAgain();
      if (health === undefined || signal.aborted) return undefined;
      return revive(`after ${suspect} ${describe(health)}: ${health.problem}`, health.route);
    },
  };
}

function describe({ level, route }: HubHealth): string {
  if (level !== 'answers') return 'the hub is not alive';
  return route === undefined ? 'the hub delivers nothing any more' : 'the broadcast route fails for good';
}

// Whether the hub still is as healthy as before the first check, and what becomes of the run when it is not: it is
// started again where the kit can do that, else nothing more can be judged.
import type { Target } from '../../target/target.ts';
import type { OwnedLab } from '../lab/open-lab.ts';
import { CANNOT_BROADCAST } from '../lab/publishing.ts';
import { checkHubHealth, HEALTH_LEVELS, type HubHealth } from './hub-health.ts';

export interface HubLifeParts {
  readonly target: Target;
  /** For a health check. */
  readonly openLab: () => OwnedLab;
  readonly signal: AbortSignal;
}

export interface Death {
  readonly problem: string;
  /** The hub runs again. */
  readonly isRevived: boolean;
  /** Clients are served, and the broadcast route answers with an error. */
  readonly isOfRoute: boolean;
}

export interface HubLife {
  /** Changes when the hub is started again. */
  readonly target: Target;
  /** The health before the first check: no check is blamed for what never worked. */
  measureBaseline(): Promise<HubHealth['level']>;
  /** Undefined while the hub is as healthy as at the beginning; else what is wrong, after an attempt to restart it. */
  findDeath(suspect: string): Promise<Death | undefined>;
}

export function createHubLife({ target: first, openLab, signal }: HubLifeParts): HubLife {
  let target = first;
  let baseline: HubHealth['level'] = 'delivers';

  async function revive(problem: string, isOfRoute: boolean): Promise<Death> {
    if (!target.abilities.restart) return { problem, isRevived: false, isOfRoute };
    await target.kill();
    const start = await target.restart();
    if (!start.ok)
      return {
        problem: `${problem}, and it could not be started again: ${start.problem}`,
        isRevived: false,
        isOfRoute: false,
      };
    target = start.target;
    return { problem, isRevived: true, isOfRoute };
  }

  return {
    get target() {
      return target;
    },
    async measureBaseline() {
      baseline = (await checkHubHealth(openLab())).level;
      return baseline;
    },
    async findDeath(suspect) {
      if (signal.aborted) return undefined;
      const health = await checkHubHealth(openLab(), baseline);
      if (HEALTH_LEVELS.indexOf(health.level) >= HEALTH_LEVELS.indexOf(baseline) || signal.aborted)
        return undefined;
      const isOfRoute = health.level === 'answers' && health.problem.startsWith(CANNOT_BROADCAST);
      const what = isOfRoute ? 'the broadcast route fails for good' : 'the hub is not alive';
      return revive(`after ${suspect} ${what}: ${health.problem}`, isOfRoute);
    },
  };
}

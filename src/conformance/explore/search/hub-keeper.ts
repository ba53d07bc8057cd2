// Keeps the hub under test running for the search: runs programs on it, and gives a new session or a fresh hub where a
// failure has to be reproduced without its past.
import { randomBytes } from 'node:crypto';
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import type { Settings } from '../../run/settings.ts';
import type { CpuWatch } from '../../run/starvation/watch/watch-cpu.ts';
import { createRouteTimes, type RouteTimes } from '../../run/waits/route-times.ts';
import { judgeProgram } from '../oracle/judge-program.ts';
import type { Violation } from '../oracle/violation.ts';
import type { Bounds } from '../program/plan.ts';
import type { Program } from '../program/program.ts';
import { createHubSession, type HubSession } from '../run/hub-session.ts';
import { runProgram } from '../run/run-program.ts';

export interface KeeperParts {
  readonly target: Target;
  readonly settings: Settings;
  readonly bounds: Bounds;
  readonly clock: Clock;
  readonly cpu: CpuWatch;
  readonly signal: AbortSignal;
}

interface ProgramOutcome {
  readonly violations: readonly Violation[];
  readonly isInterrupted: boolean;
}

export interface HubKeeper {
  /** What hub and machine allow, as far as it is known by now. */
  readonly bounds: Bounds;
  run(program: Program): Promise<ProgramOutcome>;
  /** Nothing of earlier programs is left on this side; with `isFresh` the hub is started again where that is possible. */
  renew(isFresh: boolean): Promise<void>;
  readonly canRestart: boolean;
  /** Why the hub cannot be used any more. */
  readonly lossReason: string | undefined;
  /** How long one wait may take from now on. */
  waitMillis: number;
  close(): Promise<void>;
}

/** What does not arrive within this does not arrive. */
export const FULL_WAIT_MILLIS = 5_000;
export const SHORT_WAIT_MILLIS = 2_500;
/** While a failure is reduced. */
const SHORT_KICK_MILLIS = 4_000;
/** Fixed, so that no series' name is the beginning of another's. */
const SESSION_DIGITS = 5;

/** A route that takes longer for an event is slow... */
const SLOW_ROUTE_MILLIS = 15;
/** ...and a program on it publishes what takes about so long. */
const PUBLISHING_MILLIS = 4_000;

function eventsInTime({ usualMillis }: RouteTimes): number {
  if (usualMillis <= SLOW_ROUTE_MILLIS) return Number.POSITIVE_INFINITY;
  return Math.max(2, Math.floor(PUBLISHING_MILLIS / usualMillis));
}

export function createHubKeeper(parts: KeeperParts): HubKeeper {
  let { target } = parts;
  let waitMillis = FULL_WAIT_MILLIS;
  const token = randomBytes(5).toString('hex');
  const route = createRouteTimes();
  const currentBounds = (): Bounds => ({ ...parts.bounds, mostEvents: eventsInTime(route) });
  let sessions = 0;
  let lossReason: string | undefined;

  function openSession(): HubSession {
    const seriesName = `e${token}x${String(sessions++).padStart(SESSION_DIGITS, '0')}`;
    return createHubSession({
      ...parts,
      target,
      route,
      seriesName,
      get bounds() {
        return currentBounds();
      },
      get waitMillis() {
        return waitMillis;
      },
      get kickMillis() {
        const { kickDeadlineMillis } = parts.settings;
        return waitMillis === FULL_WAIT_MILLIS
          ? kickDeadlineMillis
          : Math.min(kickDeadlineMillis, SHORT_KICK_MILLIS);
      },
    });
  }

  async function restart(): Promise<void> {
    await target.kill();
    const start = await target.restart();
    if (start.ok) target = start.target;
    else lossReason = `the hub could not be started again: ${start.problem}`;
  }

  let session = openSession();
  return {
    get bounds() {
      return currentBounds();
    },
    async run(program) {
      const recording = await runProgram(session, program);
      return { violations: judgeProgram(recording), isInterrupted: recording.isInterrupted };
    },
    async renew(isFresh) {
      await session.close();
      if (isFresh && target.abilities.restart && !parts.signal.aborted) await restart();
      session = openSession();
    },
    get canRestart() {
      return target.abilities.restart;
    },
    get lossReason() {
      return lossReason;
    },
    get waitMillis() {
      return waitMillis;
    },
    set waitMillis(millis) {
      waitMillis = millis;
    },
    close: () => session.close(),
  };
}

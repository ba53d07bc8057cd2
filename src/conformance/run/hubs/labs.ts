// The labs of all checks of a run on one hub, and what they share: the window of events that are on their way, and what they
// have learned about how long this hub takes.
import { randomBytes } from 'node:crypto';
import { paceFor } from '../../../session/window.ts';
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { type LabParts, type OwnedLab, openLab } from '../../lab/open-lab.ts';
import { createEventLimit } from '../../lab/route/event-limit.ts';
import { createSharedWindow, type SharedWindow } from '../../lab/window/shared-window.ts';
import type { Settings } from '../settings.ts';
import { createRouteTimes, type RouteTimes } from '../waits/route-times.ts';
import { createWaitAllowance } from '../waits/wait-allowance.ts';

export interface Labs {
  readonly route: RouteTimes;
  readonly eventWindow: SharedWindow;
  open(parts: Pick<LabParts, 'checkId' | 'isAlone' | 'signal' | 'listening'>): OwnedLab;
  /** From now on what does not come is waited for no longer than this. */
  waitAtMost(millis: number): void;
}

/** Fixed, so that no series' name is the beginning of another's. */
const LAB_NUMBER_DIGITS = 5;

/** `target` gives the hub, which may change when it is started again. */
export function createLabs(target: () => Target, settings: Settings, clock: Clock): Labs {
  const runPrefix = `c${randomBytes(5).toString('hex')}x`;
  const limit = paceFor(settings.clientBufferMessages);
  const eventWindow = createSharedWindow({ limit, runPrefix, clock });
  const route = createRouteTimes();
  const eventLimit = createEventLimit();
  let allowance = createWaitAllowance(settings.waitMillis);
  let opened = 0;
  return {
    route,
    eventWindow,
    open(parts) {
      const seriesName = `${runPrefix}${String(opened++).padStart(LAB_NUMBER_DIGITS, '0')}`;
      const hub = { target: target(), allowance, route, limit: eventLimit, eventWindow };
      return openLab({ ...parts, ...hub, seriesName, settings, clock });
    },
    waitAtMost(millis) {
      allowance = createWaitAllowance(Math.min(settings.waitMillis, millis));
    },
  };
}

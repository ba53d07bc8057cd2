// Sends events when there is room for them in the window that all checks of the run share.
import type { Waiter } from '../../../session/wait-until.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import { CheckEnded, error } from '../../finding.ts';
import type { SharedWindow } from './shared-window.ts';

/** Each client that blocks does so for 2 s at most, and each check in front sends at most one window. */
const TURN_MILLIS = 60_000;

export interface TurnParts {
  readonly eventWindow: SharedWindow;
  readonly waiter: Waiter;
}

export async function sendInTurn(
  { eventWindow, waiter }: TurnParts,
  texts: readonly string[],
  send: () => Promise<BroadcastOutcome>,
): Promise<BroadcastOutcome> {
  const request = eventWindow.request(texts, waiter.poke);
  let isTaken = false;
  try {
    const what = `room for ${texts.length} more unacknowledged events`;
    if (!(await waiter.until(() => request.isAdmitted, { what, deadlineMillis: TURN_MILLIS })))
      throw new CheckEnded(error(`there was no ${what} within ${TURN_MILLIS} ms`));
    const outcome = await send();
    isTaken = outcome.ok;
    if (isTaken) request.accepted();
    return outcome;
  } finally {
    if (!isTaken) request.withdraw();
  }
}

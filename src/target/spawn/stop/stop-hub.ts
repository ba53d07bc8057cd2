// The graceful stop of a hub that the kit started: how the kit requests it, how long it waits, and whether the hub ended as a
// program that did what it should.
import { systemClock } from '../../../time/clock.ts';
import { DeadlineError, withDeadline } from '../../../time/deadline.ts';
import type { Driver } from '../../driver.ts';
import type { StopOutcome, StopSignal } from '../../target.ts';
import type { HubProcess, ProcessEnd } from '../hub-process.ts';

export const STOP_SIGNALS: readonly StopSignal[] = ['SIGTERM', 'SIGINT'];

/** A hub that does not answer a request to stop gets a signal after so long. */
const ASK_TO_STOP_MILLIS = 7_500;

export interface Stoppable {
  readonly hub: HubProcess;
  readonly driver: Pick<Driver, 'askToStop'>;
  /** No shell or runner is in front of the hub: how the process ends is how the hub ends. */
  readonly isHubItself: boolean;
}

export async function stopHub(
  { hub, driver, isHubItself }: Stoppable,
  deadlineMillis: number,
  signal?: StopSignal,
): Promise<StopOutcome> {
  const startMicros = systemClock.nowMicros();
  const elapsedMillis = () => Math.round((systemClock.nowMicros() - startMicros) / 1_000);
  hub.expectEnd(deadlineMillis);
  let by = signal;
  const ask = async (): Promise<ProcessEnd> => {
    if (!hub.hasEnded && by === undefined) {
      if (await driver.askToStop(Math.min(ASK_TO_STOP_MILLIS, deadlineMillis / 2))) return hub.ended;
      by = 'SIGTERM';
    }
    if (by !== undefined) hub.signal(by);
    return hub.ended;
  };
  try {
    const ended = await withDeadline(systemClock, ask(), deadlineMillis, 'end');
    if (ended.left.length > 0)
      return { ok: false, problem: `the hub ${ended.how}${describeLeft(ended.left)}` };
    const failure = isHubItself && isFailure(ended, by ?? 'SIGTERM') ? ended.how : undefined;
    return {
      ok: true,
      exitCode: ended.exitCode,
      elapsedMillis: elapsedMillis(),
      by: by ?? 'shutdown',
      failure,
    };
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const problem = `the hub was still running ${deadlineMillis} ms after ${signal ?? 'the request to stop'}${hub.lastWords()}`;
    return { ok: false, problem };
  }
}

/** What a shell makes of an end by a signal; some programs, such as Java's, exit with it when they are done. */
const SIGNAL_EXIT_CODE: Readonly<Record<StopSignal, number>> = { SIGINT: 128 + 2, SIGTERM: 128 + 15 };

/** Supervisors take 0 for success, and the signal or its exit code for the end that they asked for. */
export function isFailure(
  { exitCode, signal }: Pick<ProcessEnd, 'exitCode' | 'signal'>,
  by: StopSignal,
): boolean {
  return signal === null ? exitCode !== 0 && exitCode !== SIGNAL_EXIT_CODE[by] : signal !== by;
}

/** What outlived the hub, as the end of a sentence. */
export function describeLeft(left: readonly string[]): string {
  return left.length === 0 ? '' : `; processes that it started could not be ended: ${left.join(', ')}`;
}

// The start of the measured time. Where the clients are on other machines it lies ahead, so that all of them know it before it comes
// and begin by themselves, each by its own clock; events of this phase are not measured.
import type { RunContext } from '../run-context.ts';

/** Resolves with that moment when it has come, or with the present one in a run that was stopped before. */
export async function arm(context: RunContext): Promise<number> {
  const { clock, control, pool, publisher } = context;
  const fromMicros = clock.nowMicros() + pool.armMillis * 1e3;
  setMeasuredTime(context, fromMicros);
  if (pool.armMillis === 0) return fromMicros;
  control.enter('arm');
  await control.pauseUntil(fromMicros);
  if (control.stop === undefined) return fromMicros;
  const nowMicros = clock.nowMicros();
  publisher.rota?.stop();
  setMeasuredTime(context, nowMicros);
  return nowMicros;
}

function setMeasuredTime({ plan, publisher, pool }: RunContext, fromMicros: number): void {
  const untilMicros = fromMicros + plan.durationMillis * 1e3;
  publisher.measuredFromMicros = fromMicros;
  publisher.pace.fromMicros = fromMicros;
  publisher.pace.untilMicros = untilMicros;
  publisher.rota?.begin(fromMicros, untilMicros);
  pool.measure(fromMicros, untilMicros);
}

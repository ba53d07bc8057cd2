// A rota for the publisher of a run, where its agents publish in turn.
import { publishersOf } from '../../../target/replicas/joined-targets.ts';
import type { RunContext } from '../run-context.ts';
import { Rota } from './rota.ts';
import type { ScheduleAhead } from './schedule-ahead.ts';

/** Nothing where only the coordinator publishes. */
export function startRota(context: RunContext, schedule: ScheduleAhead): void {
  const { seats, target, clock, publisher, pool } = context;
  const [at] = publishersOf(target);
  if (seats === undefined || at?.producer === undefined) return;
  publisher.rota = new Rota({
    ...{ clock, schedule, seats, runId: publisher.runId, announce: pool.announce },
    options: at.producer,
    requestEvents: () => publisher.requestEvents(),
  });
}

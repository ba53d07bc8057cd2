// A burst as fast as the hub accepts events: in one request where it takes many, else in many requests at the same time.
import type { EventShape, Series, SeriesEvent } from '../../../session/series.ts';
import type { BroadcastOutcome, Target } from '../../../target/target.ts';
import { type Finding, skip } from '../../finding.ts';
import type { Lab } from '../lab.ts';

export interface BurstParts {
  readonly target: Target;
  readonly series: Series;
  readonly send: (texts: readonly string[]) => Promise<BroadcastOutcome>;
  readonly tryBurst: Lab['tryBurst'];
  readonly nowMillis: () => number;
}

export const REQUESTS_AT_ONCE = 32;

/** How many events of a burst the route takes side by side: in one request they come one after the other. */
export function burstsAtOnce({ abilities }: Pick<Lab, 'abilities'>): number {
  return abilities.batch ? 1 : REQUESTS_AT_ONCE;
}

export async function burstUnordered(
  { target, series, send, tryBurst, nowMillis }: BurstParts,
  shapes: readonly EventShape[],
  deadlineMillis?: number,
): ReturnType<Lab['burstUnordered']> {
  // Whether the hub takes several events in one request is found out with several.
  if (!target.abilities.batch) await send([0, 1, 2].map(() => series.nextNonce().text));
  const isOneEach = !target.abilities.batch;
  const startMillis = nowMillis();
  const isLate = (): boolean => deadlineMillis !== undefined && nowMillis() - startMillis > deadlineMillis;
  const burst = isOneEach
    ? await burstInRequests(
        shapes.map((shape) => series.next(shape)),
        send,
        isLate,
      )
    : await tryBurst(shapes, deadlineMillis);
  return { ...burst, isOneEach, tookMillis: nowMillis() - startMillis };
}

async function burstInRequests(
  events: readonly SeriesEvent[],
  send: BurstParts['send'],
  isLate: () => boolean,
) {
  const waiting = events.map(({ text }) => text);
  let accepted = 0;
  let failed: Extract<BroadcastOutcome, { ok: false }> | undefined;
  const lane = async (): Promise<void> => {
    for (let text = waiting.shift(); text !== undefined && failed === undefined; text = waiting.shift()) {
      const answer = await send([text]);
      if (!answer.ok) failed = answer;
      else if (++accepted < events.length && isLate()) failed = late(accepted, events.length);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, lane));
  const outcome: BroadcastOutcome = failed ?? { ok: true, accepted };
  return { events, outcome };
}

function late(accepted: number, wanted: number): Extract<BroadcastOutcome, { ok: false }> {
  const problem = `the hub took ${accepted} of ${wanted} events in the time for them, in requests of one event`;
  return { ok: false, kind: 'timeout', problem, accepted };
}

/** `256 events in 120 ms (2133 a second), many requests at the same time`. */
export function describeRate(events: number, tookMillis: number): string {
  const perSecond = Math.round((events / Math.max(1, tookMillis)) * 1_000);
  return `${events} events in ${Math.round(tookMillis)} ms (${perSecond} a second), many requests at the same time`;
}

/** All events of a burst arrived where it went in single requests: it shows what the hub took, not what it can bear. */
export function noBurst(events: number, tookMillis: number): Finding {
  const rate = describeRate(events, tookMillis);
  return skip(`no burst reached the hub, which takes one event a request: ${rate}; all of them arrived`);
}

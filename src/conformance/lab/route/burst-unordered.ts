// A burst as fast as the hub accepts events: in one request where it takes many, else in many requests at the same time.
import type { EventShape, Series, SeriesEvent } from '../../../session/series.ts';
import type { BroadcastOutcome, Target } from '../../../target/target.ts';
import type { Lab } from '../lab.ts';

export interface BurstParts {
  readonly target: Target;
  readonly series: Series;
  readonly send: (texts: readonly string[]) => Promise<BroadcastOutcome>;
  readonly tryBurst: Lab['tryBurst'];
  readonly nowMillis: () => number;
}

const REQUESTS_AT_ONCE = 32;

export async function burstUnordered(
  { target, series, send, tryBurst, nowMillis }: BurstParts,
  shapes: readonly EventShape[],
  deadlineMillis?: number,
): ReturnType<Lab['burstUnordered']> {
  // Whether the hub takes several events in one request is found out with several.
  if (!target.abilities.batch) await send([0, 1, 2].map(() => series.nextNonce().text));
  const isOneEach = !target.abilities.batch;
  const startMillis = nowMillis();
  const burst = isOneEach
    ? await burstInRequests(
        shapes.map((shape) => series.next(shape)),
        send,
      )
    : await tryBurst(shapes, deadlineMillis);
  return { ...burst, isOneEach, tookMillis: nowMillis() - startMillis };
}

async function burstInRequests(events: readonly SeriesEvent[], send: BurstParts['send']) {
  const waiting = events.map(({ text }) => text);
  let outcome: BroadcastOutcome = { ok: true, accepted: events.length };
  const lane = async (): Promise<void> => {
    for (let text = waiting.shift(); text !== undefined && outcome.ok; text = waiting.shift()) {
      const answer = await send([text]);
      if (!answer.ok) outcome = answer;
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, lane));
  return { events, outcome };
}

// Event shapes with no more padding than the broadcast route takes; a larger size is tried with an event that nobody judges.
import type { EventShape, Series } from '../../../session/series.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import type { EventLimit } from './event-limit.ts';

export interface FitParts {
  readonly limit: EventLimit;
  readonly series: Series;
  readonly send: (texts: readonly string[]) => Promise<BroadcastOutcome>;
  readonly note: (line: string) => void;
}

export async function fitToRoute(
  shapes: readonly EventShape[],
  { limit, series, send, note }: FitParts,
): Promise<readonly EventShape[]> {
  const largestBytes = Math.max(0, ...shapes.map(({ paddingBytes = 0 }) => paddingBytes));
  const mostBytes = await limit.fit(largestBytes, async (paddingBytes) => {
    const outcome = await send([series.nextNonce({ paddingBytes }).text]);
    if (outcome.ok) return 'taken';
    return outcome.kind === 'refused' || outcome.kind === 'unreachable' ? 'refused' : 'unknown';
  });
  if (mostBytes >= largestBytes) return shapes;
  note(`events with ${mostBytes} B of padding instead of ${largestBytes} B, which the hub refuses`);
  return shapes.map((shape) =>
    shape.paddingBytes === undefined
      ? shape
      : { ...shape, paddingBytes: Math.min(shape.paddingBytes, mostBytes) },
  );
}

// Two hubs under the same plan, in turn: A B, B A, A B … so that whatever the machine does meanwhile hits both alike.
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type Parsed, parsed } from '../../units/parsed.ts';
import type { LoadtestResult } from '../result/result.ts';

/** After a segment its hub closes what was left, so that it does not work into the other's time. */
const REST_MILLIS = 300;

export type Side = 'a' | 'b';

export interface Segment {
  readonly result: LoadtestResult;
  /** CPU time of the hub in this segment; null where it cannot be read. */
  readonly hubCpuSeconds: number | null;
}

export interface Pair {
  readonly first: Side;
  readonly a: Segment;
  readonly b: Segment;
}

export interface InterleavedOptions {
  readonly pairs: number;
  /** Runs one load test on that hub. Not ok: why none can be run any more. */
  readonly runSegment: (side: Side) => Promise<Parsed<LoadtestResult>>;
  /** CPU time of the hub since its start; undefined where it cannot be read. */
  readonly readHubCpuSeconds: (side: Side) => Promise<number | undefined>;
  readonly clock: Clock;
  readonly interruption: AbortSignal;
  readonly onPair: (pair: Pair, index: number) => void;
}

export interface InterleavedOutcome {
  readonly pairs: readonly Pair[];
  readonly stoppedBecause: string | undefined;
  readonly hasTargetFailed: boolean;
}

export async function runInterleaved(options: InterleavedOptions): Promise<InterleavedOutcome> {
  const pairs: Pair[] = [];
  for (let index = 0; index < options.pairs; index++) {
    const order: readonly Side[] = index % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    const segments: Partial<Record<Side, Segment>> = {};
    for (const side of order) {
      const segment = await runSegment(side, options);
      if (options.interruption.aborted) return end(pairs, 'interrupted', false);
      if (!segment.ok) return end(pairs, segment.problem, false);
      const { result } = segment.value;
      const lost = result.findings.find(({ name }) => name === 'agent-lost');
      if (lost) return end(pairs, lost.message, false);
      if (result.hasTargetFailed)
        return end(pairs, `${side.toUpperCase()}: ${result.stoppedBecause ?? 'the hub went away'}`, true);
      if (result.partial) return end(pairs, result.stoppedBecause ?? 'a segment ended early', false);
      segments[side] = segment.value;
    }
    const { a, b } = segments;
    if (!a || !b) throw new Error('a pair without both sides');
    const pair = { first: order[0] as Side, a, b };
    pairs.push(pair);
    options.onPair(pair, index);
  }
  return end(pairs, undefined, false);
}

async function runSegment(side: Side, options: InterleavedOptions): Promise<Parsed<Segment>> {
  const before = await options.readHubCpuSeconds(side);
  const result = await options.runSegment(side);
  const after = await options.readHubCpuSeconds(side);
  await pause(options.clock, REST_MILLIS, options.interruption);
  if (!result.ok) return result;
  return parsed({
    result: result.value,
    hubCpuSeconds: before === undefined || after === undefined ? null : after - before,
  });
}

function end(
  pairs: readonly Pair[],
  stoppedBecause: string | undefined,
  hasTargetFailed: boolean,
): InterleavedOutcome {
  return { pairs, stoppedBecause, hasTargetFailed };
}

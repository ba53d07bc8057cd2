// How much CPU time an idle hub uses: the quietest of many short spans, because compilers and garbage collectors work on for a
// while after a load. A hub with a poll loop of its own is never quiet, and need not be measured for as long. One that waits
// for a core is quiet, too: such a span says nothing.
import type { CpuUse } from '../../../target/process-tree/process-cpu.ts';

export const SPAN_MILLIS = 300;
/** Of one processor. A hub that waits uses a thousandth. */
export const QUIET_SHARE = 0.02;
/** A compiler or a garbage collector may still work for a while, but one span in so long is quiet. */
const MOST_MILLIS = 8_000;
/** What such has left to do at most. Where other programs have the cores, that takes longer. */
export const LEFT_TO_DO_MILLIS = 3_000;
const MOST_STARVED_MILLIS = 20_000;
/** A compiler or a garbage collector that works on uses more of a processor than this. */
export const CONSTANT_SHARE = 0.15;
const CONSTANT_SPANS = 5;
/** A span holds one run of a poll loop more or less than the next. */
const MOST_UNEVEN = 2;

/** Where the spans come from. */
export interface Spans {
  /** In the next span. */
  measureUse(): Promise<CpuUse>;
  elapsedMillis(): number;
  readonly signal: AbortSignal;
}

interface Wanted {
  /** No further span once one used at most this share. */
  readonly enough: number;
  /** True: nor once the use is low and constant. False where more than enough is a failure: that takes the whole time. */
  readonly mayEndConstant: boolean;
}

interface Quietest {
  /** The smallest in any span that says something; infinite where none does. */
  readonly share: number;
  /** CPU time of all spans until then. */
  readonly usedMillis: number;
}

export async function quietestSpan(
  { measureUse, elapsedMillis, signal }: Spans,
  { enough, mayEndConstant }: Wanted,
): Promise<Quietest> {
  const startMillis = elapsedMillis();
  const shares: number[] = [];
  let [share, usedMillis] = [Number.POSITIVE_INFINITY, 0];
  const mayGoOn = (): boolean => {
    const millis = elapsedMillis() - startMillis;
    if (millis < MOST_MILLIS) return !(mayEndConstant && isConstant(shares));
    return !mayEndConstant && usedMillis < LEFT_TO_DO_MILLIS && millis < MOST_STARVED_MILLIS;
  };
  while (share > enough && mayGoOn() && !signal.aborted) {
    const next = await measureUse();
    usedMillis += next.usedMillis;
    if (!next.isSure && next.share <= Math.max(enough, QUIET_SHARE)) continue;
    shares.push(next.share);
    share = Math.min(share, next.share);
  }
  return { share, usedMillis };
}

/** The last spans are what a hub uses that always does the same, such as a poll loop. */
export function isConstant(shares: readonly number[]): boolean {
  const last = shares.slice(-CONSTANT_SPANS);
  const most = Math.max(...last);
  return last.length === CONSTANT_SPANS && most <= CONSTANT_SHARE && most <= MOST_UNEVEN * Math.min(...last);
}

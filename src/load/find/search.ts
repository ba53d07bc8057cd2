// The search for the largest level (events per second, or clients) that holds: what to try next, and what is known, each
// a pure function of the steps so far. A geometric ramp finds two levels with the capacity between them; then the middle of
// what is still possible is tried, levels near the capacity again and again, until the interval is narrow.
import type { Verdict } from '../../files/verdict.ts';
import { type CapacityEstimate, estimateCapacity } from './capacity-model.ts';

/** limited: the load generator was the bottleneck, so the step says nothing about the hub. */
export type StepOutcome = 'passed' | 'failed' | 'limited';

export interface Step {
  readonly level: number;
  readonly outcome: StepOutcome;
}

export interface SearchOptions {
  /** The first level; the ramp goes up from here, or down where it fails. */
  readonly from: number;
  /** Whole numbers: no level outside is tried. */
  readonly least: number;
  readonly most: number;
  /** What the ramp multiplies by. */
  readonly growth: number;
  /** The search ends when the interval's high is at most this many times its low. */
  readonly precision: number;
  readonly maxSteps: number;
}

export type Next = { readonly kind: 'try'; readonly level: number } | { readonly kind: 'done' };

/** Without these the search would end only by its precision. */
export const SEARCH_DEFAULTS = { growth: 2, precision: 1.12, maxSteps: 60 } as const;

/** What to try after these steps. */
export function chooseNext(options: SearchOptions, steps: readonly Step[]): Next {
  if (steps.length >= options.maxSteps) return { kind: 'done' };
  const bracket = findBracket(options, steps);
  if (bracket.kind !== 'closed') return bracket;
  const { capacity, low, high } = estimateFrom(steps);
  const isNarrow = high / low <= options.precision || Math.round(high) - Math.round(low) <= 1;
  return isNarrow ? { kind: 'done' } : attempt(options, capacity);
}

type Bracket = Next | { readonly kind: 'closed' };

/** The ramp: until some level holds and a higher one does not, each on the word of more than one step where it failed. */
function findBracket(options: SearchOptions, steps: readonly Step[]): Bracket {
  const { from, least, most, growth } = options;
  const first = attempt(options, from).level;
  if (steps.length === 0) return { kind: 'try', level: first };
  const passed = steps.filter(({ outcome }) => outcome === 'passed').map(({ level }) => level);
  const highest = Math.max(0, ...passed);
  const refuted = tallyLevels(steps).filter(({ level, verdict }) => level > highest && verdict === 'not');
  const doubted = steps.filter(({ level }) => level > highest).map(({ level }) => level);
  if (refuted.length > 0) {
    if (highest > 0) return { kind: 'closed' };
    const lowest = Math.min(...refuted.map(({ level }) => level));
    if (lowest > least) return attempt(options, nextDown(lowest, growth));
    return { kind: 'done' };
  }
  if (doubted.length > 0) return { kind: 'try', level: Math.min(...doubted) };
  return highest >= most ? { kind: 'done' } : attempt(options, nextUp(highest, growth));
}

const nextUp = (level: number, growth: number): number => Math.max(level + 1, level * growth);
const nextDown = (level: number, growth: number): number => Math.min(level - 1, level / growth);

function attempt({ least, most }: SearchOptions, level: number): Extract<Next, { kind: 'try' }> {
  return { kind: 'try', level: Math.round(Math.min(most, Math.max(least, level))) };
}

export interface LevelTally {
  readonly level: number;
  readonly steps: number;
  readonly passed: number;
  readonly failed: number;
  readonly limited: number;
  /** Of at least two steps, more than half; a level tried once is not decided, unless it passed. */
  readonly verdict: 'passed' | 'not' | 'open';
}

/** Levels in ascending order, with how often each passed. */
export function tallyLevels(steps: readonly Step[]): LevelTally[] {
  const levels = [...new Set(steps.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.map((level) => {
    const here = steps.filter((step) => step.level === level);
    const count = (wanted: StepOutcome) => here.filter(({ outcome }) => outcome === wanted).length;
    const [passed, failed, limited] = [count('passed'), count('failed'), count('limited')];
    const not = failed + limited;
    const verdict = passed > not ? 'passed' : not > passed && not >= 2 ? 'not' : 'open';
    return { level, steps: here.length, passed, failed, limited, verdict };
  });
}

/** Once a level passed and a higher one did not, a capacity far outside of what was tried is out of the question. */
function estimateFrom(steps: readonly Step[]): CapacityEstimate {
  const tallies = tallyLevels(steps);
  const levels = tallies.map(({ level }) => level);
  const tosses = tallies.map(({ level, passed, failed, limited }) => ({
    level,
    passed,
    not: failed + limited,
  }));
  return estimateCapacity(tosses, Math.max(0.5, Math.min(...levels) / 2), Math.max(...levels) * 2);
}

export type Answer =
  /** Between `low` and `high`, most likely `level`; above it the hub does not hold. */
  | {
      readonly kind: 'capacity';
      readonly level: number;
      readonly low: number;
      readonly high: number;
      /** False when the search ended before the interval was as narrow as wanted. */
      readonly isPrecise: boolean;
    }
  /** `level` passed; above it nothing is known of the hub, because of `limit`. */
  | { readonly kind: 'at-least'; readonly level: number; readonly limit: 'driver' | 'range' | 'time' }
  /** Not even `level`, the lowest tried, passed. */
  | { readonly kind: 'below'; readonly level: number }
  /** No step says anything of the hub. */
  | { readonly kind: 'inconclusive'; readonly limit: 'driver' | 'time' };

export function verdictOfAnswer(answer: Answer): Verdict {
  if (answer.kind === 'below') return 'failed';
  const isDecided = answer.kind === 'capacity' || (answer.kind === 'at-least' && answer.limit === 'range');
  return isDecided ? 'passed' : 'inconclusive';
}

/** What is known after these steps, whether the search came to its end or not. */
export function foldAnswer(options: SearchOptions, steps: readonly Step[]): Answer {
  if (steps.length === 0) return { kind: 'inconclusive', limit: 'time' };
  const tallies = tallyLevels(steps);
  const sure = tallies.findLast(({ verdict }) => verdict === 'passed')?.level;
  const failed = steps.filter(({ outcome }) => outcome === 'failed').map(({ level }) => level);
  if (sure === undefined) return foldNothingHeld(tallies, failed);
  if (tallies.every(({ verdict }) => verdict !== 'not'))
    return { kind: 'at-least', level: sure, limit: sure >= options.most ? 'range' : 'time' };
  const { capacity, low, high } = estimateFrom(steps);
  const above = steps.filter(({ level, outcome }) => level >= low && outcome !== 'passed');
  const byDriver = above.filter(({ outcome }) => outcome === 'limited').length;
  if (byDriver * 2 > above.length) return { kind: 'at-least', level: sure, limit: 'driver' };
  const isPrecise = high / low <= options.precision || Math.round(high) - Math.round(low) <= 1;
  return { kind: 'capacity', level: round3(capacity), low: round3(low), high: round3(high), isPrecise };
}

function foldNothingHeld(tallies: readonly LevelTally[], failed: readonly number[]): Answer {
  if (failed.length > 0) return { kind: 'below', level: Math.min(...failed) };
  const hasLimited = tallies.some(({ limited }) => limited > 0);
  return { kind: 'inconclusive', limit: hasLimited ? 'driver' : 'time' };
}

/** More digits would promise what no search keeps. */
function round3(value: number): number {
  return value >= 1_000 ? Number(value.toPrecision(3)) : Math.round(value);
}

// What a check found. Findings are values: a hub that breaks a clause is an expected outcome, not an exception. CheckEnded
// carries one out of nested calls, where the hub does not allow a check to go on.
import type { ReplayProgram } from './run/settings.ts';

export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'error';

/**
 * Every check that broadcasts shows it again: none of its clients received anything, or the route answered none of its
 * broadcasts, while all its clients read.
 */
export type Muteness = 'delivers-nothing' | 'answers-nothing';

/** One measured fact; low and high are its interval where it is not exact, or the bounds that are known. */
export interface Measurement {
  /** Null: it could not be determined; `reason` says why. */
  readonly value: number | string | null;
  readonly low?: number;
  readonly high?: number;
  readonly reason?: string;
}

export interface FixtureFinding {
  readonly fileName: string;
  readonly yaml: string;
  /** What replays it; default `norn-loadtest replay`. */
  readonly program?: ReplayProgram;
}

export interface Finding {
  readonly verdict: Verdict;
  /** For skip and error: why, in one sentence. */
  readonly reason?: string;
  /** For skip: it would have taken longer than there was time for. */
  readonly outOfTime?: true;
  /** For fail and warn: what the clause demands and what the hub did. */
  readonly expected?: string;
  readonly got?: string;
  /** A file that shows the failure again; written beside the reports. */
  readonly fixture?: FixtureFinding;
  /** What was seen on the way, one line each. */
  readonly evidence: readonly string[];
  /** By name, with the unit in it: `kickMillis`. */
  readonly measurements: Readonly<Record<string, Measurement>>;
  /** For a failure that is nothing but this. */
  readonly muteness?: Muteness;
  /** For fail and warn; default: missing. For a skip because the hub is slow: what was late. */
  readonly basis?: Basis;
}

/**
 * What a breach rests on; a lack of CPU time explains what was late or missing. facts: what was seen is wrong, however long
 * anything took. missing: something had not come when the wait for it was over, if any wait of the check was in vain.
 */
export type Basis = 'facts' | 'missing' | Late;

/** Something that took longer than allowed, once or usually. */
export interface Late {
  readonly tookMillis: number;
  readonly allowedMillis: number;
  /** When, since the check began; default: from its beginning to its end. */
  readonly fromMillis?: number;
  readonly toMillis?: number;
}

export interface Breach {
  readonly expected: string;
  readonly got: string;
}

export interface FindingExtras {
  readonly fixture?: FixtureFinding;
  readonly evidence?: readonly string[];
  readonly measurements?: Readonly<Record<string, Measurement>>;
  readonly muteness?: Muteness;
  readonly basis?: Basis;
}

/** Of a breach that no lack of CPU time explains. */
export const FACTS = { basis: 'facts' } as const;

function finding(verdict: Verdict, facts: Partial<Finding>, extras: FindingExtras): Finding {
  const { evidence = [], measurements = {}, ...rest } = extras;
  return { verdict, ...facts, ...rest, evidence, measurements };
}

export const pass = (extras: FindingExtras = {}): Finding => finding('pass', {}, extras);
/** The clause is broken. From a check of level should this becomes a warning. */
export const fail = (breach: Breach, extras: FindingExtras = {}): Finding => finding('fail', breach, extras);
/** Allowed, but not as good as it should be. */
export const warn = (breach: Breach, extras: FindingExtras = {}): Finding => finding('warn', breach, extras);
/** The clause does not apply to this hub, or its adapter lacks an ability. */
export const skip = (reason: string, extras: FindingExtras = {}): Finding =>
  finding('skip', { reason }, extras);
/** The hub is too slow for this check in the time of the run. */
export const skipForTime = (reason: string, extras: FindingExtras = {}): Finding =>
  finding('skip', { reason, outOfTime: true }, extras);
/** The kit could not judge. */
export const error = (reason: string, extras: FindingExtras = {}): Finding =>
  finding('error', { reason }, extras);

/** A skip that also says, by name, what could not be measured. */
export const unmeasured = (names: readonly string[], reason: string): Finding =>
  skip(reason, { measurements: Object.fromEntries(names.map((name) => [name, { value: null, reason }])) });

/** A broadcast was answered with an error, or not at all. */
export type RouteFailure = 'refused' | 'unanswered';

/** Ends a check with its finding from any depth. */
export class CheckEnded extends Error {
  readonly finding: Finding;
  /** What the broadcast route did, when that is why the check ended. */
  readonly route: RouteFailure | undefined;

  constructor(ended: Finding, route?: RouteFailure) {
    super(ended.reason ?? ended.got ?? ended.verdict);
    this.name = 'CheckEnded';
    this.finding = ended;
    this.route = route;
  }
}

const LISTED = 5;

/** Several things that went wrong, as one line: the first few, and how many more. */
export function listSome(texts: readonly string[]): string {
  const rest = texts.length - LISTED;
  return texts.slice(0, LISTED).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}

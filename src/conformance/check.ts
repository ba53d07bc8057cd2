// What a check is: one clause of the protocol, or of RFC 6455, made executable. Everything else of the suite either
// runs checks, gives them tools (lab/) or prints their findings.
import type { Target } from '../target/target.ts';
import type { Clock } from '../time/clock.ts';
import type { Finding } from './finding.ts';
import type { Lab } from './lab/lab.ts';
import type { DeliveryTimes } from './run/waits/delivery-times.ts';

export const CHAPTERS = [
  'handshake',
  'origin',
  'envelope',
  'delivery',
  'slow-client',
  'lifecycle',
  'robustness',
  'model',
  'measurement',
] as const;
export type Chapter = (typeof CHAPTERS)[number];

/**
 * must: the protocol or the RFC demands it, and breaking it is a failure. should: hardening that the protocol is silent
 * on; breaking it is a warning (a failure with --strict). info: only measures.
 */
export const LEVELS = ['must', 'should', 'info'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * What a check cannot do without. `smallWindow` is an ability of this machine; `direct`: no proxy stands before the hub,
 * which would answer, change or delay itself what is judged; the others are the target's abilities.
 */
export type Need = 'broadcast' | 'batch' | 'stats' | 'resources' | 'restart' | 'smallWindow' | 'direct';

export interface Clause {
  /** `protocol: Origin Checking` or `RFC 6455 5.5.1`. */
  readonly source: string;
  /** The sentence itself. */
  readonly quote: string;
}

export interface Check {
  /** Stable and mnemonic, such as `origin.foreign-refused`; the part before the dot is the chapter. Never reused. */
  readonly id: string;
  readonly chapter: Chapter;
  /** What holds for a correct hub, as a fact in the present tense. */
  readonly title: string;
  readonly level: Level;
  readonly clause: Clause;
  readonly needs: readonly Need[];
  /** After so long the kit gives up with `error`: longer than all waits of the check together. */
  readonly deadlineMillis: number;
  /** Why it matters, what a hub that fails does to its users, how it is judged, what is allowed. */
  readonly explain: string;
  /**
   * shared: may run beside other checks on the same hub (paced broadcasts below 1 KiB, no stalled client, no illegal
   * bytes). alone: has the hub to itself, and the hub must be alive afterwards. beside: only listens, while the checks
   * of its chapter that are alone run; when the last of them is done, its waits end, and it says what it heard.
   * second-hub: has a hub of its own, which is started beside the one under test, and goes on while all others run.
   */
  readonly isolation: 'shared' | 'alone' | 'beside' | 'second-hub';
  /**
   * Of those that run side by side. quiet: broadcasts nothing, and runs before the others, so that one may wait in
   * silence meanwhile. throughout: only listens, for many seconds, and begins first, so that the first chapters of
   * checks that are alone need not wait for it.
   */
  readonly turn?: 'quiet' | 'throughout';
  /**
   * Ids of checks whose failure has shown already what this one would wait for. They run before it; when one failed,
   * this one is skipped as `blocked by` it. Of checks that run side by side only those of the same turn count.
   */
  readonly blockedBy?: readonly string[];
  /**
   * Id of a check on a second hub that shows the same and more. Where it has a hub, this one does not run: it passes
   * with the other, is `blocked by` it when that one fails, and runs at the end when that one has found nothing out.
   */
  readonly coveredBy?: string;
  /** Of those that run alone: asked before the first of them, when hardly a client is left. True: this one comes first. */
  readonly isEarlyOn?: (
    target: Target,
    clock: Clock,
    deliveries: Pick<DeliveryTimes, 'aloneMillis'>,
  ) => Promise<boolean>;
  /** True when it fails only for what it has shown more than once: such a failure stands when the time of the run is over. */
  readonly confirmsFailures?: boolean;
  run(lab: Lab): Promise<Finding>;
}

// How long the hub and the runner stood ready for a core because other programs had them, in short spans. Pure.

/** What one of them, and the cores on which it may run, did in some time. */
export interface CoreFacts {
  readonly millis: number;
  /** How long an event may have waited for a core on its way (waitOfEvent). */
  readonly readyMillis: number;
  /** How many of its threads ran or were ready, on average. */
  readonly busyThreads: number;
  readonly cores: number;
  /** How long the cores were idle, and how long they worked for neither hub nor runner; all of them together. */
  readonly idleMillis: number;
  readonly othersMillis: number;
}

/** How long each waited for a core because of other programs. */
interface Waited {
  readonly hubMillis: number;
  readonly runnerMillis: number;
}

/** Readings of the clock. */
export interface Wait {
  readonly startMicros: number;
  readonly endMicros: number;
}

export type CoreWaits = Wait & Waited;

export interface Stretch extends Waited {
  readonly millis: number;
}

/** From the thread that takes an event over the one that hands it to all clients to one that writes. */
const THREADS_OF_EVENT = 3;

/** From how long each thread was ready without a core in this time: of hundreds an event passes through a few. */
export function waitOfEvent(millisByThread: readonly number[], millis: number): number {
  const longest = [...millisByThread].sort((a, b) => b - a).slice(0, THREADS_OF_EVENT);
  return Math.min(
    millis,
    longest.reduce((sum, each) => sum + each, 0),
  );
}

/**
 * What of a wait nobody but other programs is to blame for. On an idle machine, so many busy threads would wait for one
 * another; and a limit on one program, under which cores are idle, holds it up there, too. Others cannot delay it for
 * longer than they work.
 */
export function waitedForOthers(facts: CoreFacts): number {
  const { millis, cores } = facts;
  const ownShare = Math.max(0, 1 - cores / Math.max(facts.busyThreads, cores));
  const noCoreShare = Math.max(0, 1 - facts.idleMillis / millis);
  const waited = Math.min(facts.readyMillis, millis) * noCoreShare - ownShare * millis;
  return Math.max(0, Math.min(waited, facts.othersMillis));
}

/** What both waited between two readings of the clock: one after the other, as an event passes from one to the other. */
export function stretchOf(spans: readonly CoreWaits[], { startMicros, endMicros }: Wait): Stretch {
  let [hubMillis, runnerMillis] = [0, 0];
  for (const span of spans) {
    const from = Math.max(span.startMicros, startMicros);
    const to = Math.min(span.endMicros, endMicros);
    if (to <= from) continue;
    const part = (to - from) / (span.endMicros - span.startMicros);
    hubMillis += span.hubMillis * part;
    runnerMillis += span.runnerMillis * part;
  }
  return { millis: (endMicros - startMicros) / 1e3, hubMillis, runnerMillis };
}

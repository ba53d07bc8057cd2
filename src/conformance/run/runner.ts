// Runs checks on a target: those that may share the hub side by side, then the others one by one, each followed by a
// health check of the hub. A check does not run when one that it names in `blockedBy` failed.
import { type Clock, systemClock } from '../../time/clock.ts';
import type { Check } from '../check.ts';
import type { LabParts } from '../lab/open-lab.ts';
import type { CheckResult } from '../result.ts';
import type { HubHealth } from './hub-health.ts';
import { createHubLife, type Death } from './hub-life.ts';
import { createLabs, type Labs } from './hubs/labs.ts';
import { runOnSecondHubs } from './hubs/second-hub.ts';
import { blocked, findBlocker } from './order/check-order.ts';
import { isCovered, resultFrom } from './order/covered.ts';
import { findMuteness, showsMuteness } from './order/mute-hub.ts';
import { planRest } from './order/plan-rest.ts';
import { runSideBySide } from './order/side-by-side.ts';
import { hasRun, inOrder, isBroken, isSuspect, withEarlier } from './order/suspects.ts';
import { listenThroughout, mayListen } from './order/throughout.ts';
import { runCheck } from './run-check.ts';
import type { RunOptions, RunOutcome } from './run-options.ts';
import { wasHubStarved } from './starvation/find-doubt.ts';
import { type CpuWatch, watchCpu } from './starvation/watch/watch-cpu.ts';
import { startTimeLimit } from './time-limit.ts';
import { blameForDeath, interrupted, isSure, outOfTime } from './unjudged.ts';

const PARALLEL_CHECKS = 6;
const SHORT_WAIT_MILLIS = 2_000;
/** Failures of checks that ran side by side are confirmed, one by one, for so long; the rest then counts as it is. */
const CONFIRM_MILLIS = 12_000;

export async function runChecks(options: RunOptions): Promise<RunOutcome> {
  const run = createRun(options, systemClock);
  try {
    const seconds = run.onSecondHubs(options.checks.filter(({ isolation }) => isolation === 'second-hub'));
    await run.begin();
    const covered =
      options.isBlocking === false ? [] : options.checks.filter((c) => isCovered(c, seconds.begun()));
    const shared = options.checks.filter((c) => c.isolation === 'shared' && !covered.includes(c));
    const settle = run.throughout(shared.filter(({ turn }) => turn === 'throughout'));
    await run.shared(shared.filter(({ turn }) => turn !== 'throughout'));
    for (const { alone, beside } of await run.plan()) {
      if (!mayListen(alone)) await settle();
      await run.oneByOne(alone, beside);
    }
    await settle();
    await seconds.end();
    await run.covered(covered);
    return run.outcome();
  } finally {
    run.stop();
  }
}

interface RunAs extends Partial<Pick<LabParts, 'signal' | 'listening'>> {
  /** Default: the hub under test. */
  readonly hub?: { readonly labs: Labs; readonly cpu: CpuWatch };
}

interface Loss {
  readonly checkId: string;
  readonly problem: string;
  readonly isOfRoute: boolean;
}

function createRun(options: RunOptions, clock: Clock) {
  const { checks, settings, isBlocking = true } = options;
  const signal = options.signal ?? new AbortController().signal;
  const cpu = watchCpu(clock, () => life.target);
  const time = startTimeLimit(settings.timeLimitMillis, clock, cpu.lostMillisSince);
  const inTime = AbortSignal.any([signal, time.signal]);
  const results = new Map<string, CheckResult>();
  // What was found so far, whether or not it is reported yet.
  const found = new Map<string, CheckResult>();
  const labs = createLabs(() => life.target, settings, clock);
  const life = createHubLife({
    target: options.target,
    openLab: () => labs.open({ checkId: 'hub-alive', isAlone: true, signal: inTime }),
    wasStarved: (inVain) => wasHubStarved(cpu, inVain),
    signal: inTime,
  });
  let level: HubHealth['level'] = 'delivers';
  // The check that the hub did not survive: no further check can be judged, or none that broadcasts.
  let loss: Loss | undefined;
  // Checks after which the route failed for good. When a second one does the same, the others would, too.
  let firstRouteLoss: Loss | undefined;

  function report(result: CheckResult): void {
    found.set(result.id, result);
    results.set(result.id, result);
    options.onResult?.(result);
  }

  async function run(check: Check, isAlone: boolean, as: RunAs = {}): Promise<CheckResult> {
    const { signal: until = inTime, listening, hub = { labs, cpu } } = as;
    if (loss !== undefined && (!loss.isOfRoute || check.needs.includes('broadcast')))
      return blocked(check, loss.checkId, loss.problem);
    const blocker = isBlocking ? findBlocker(check, found) : undefined;
    if (blocker !== undefined) return blocked(check, blocker);
    const mute = isAlone ? findMute(check) : undefined;
    if (mute !== undefined) return blocked(check, mute.checkId, mute.problem);
    if (time.signal.aborted) return outOfTime(check, time.millis);
    const openLab = (each: AbortSignal) =>
      hub.labs.open({ checkId: check.id, isAlone, signal: each, listening });
    const result = await runCheck({ check, clock, signal: until, cpu: hub.cpu, openLab });
    // Its waits were cut short: what had not arrived by then might still have.
    if (signal.aborted) return interrupted(check);
    const isCut = until === inTime && inTime.aborted && !isSure(check, result);
    if (isCut) return outOfTime(check, time.millis, result.durationMs);
    found.set(check.id, result);
    return result;
  }

  /** Of a hub that delivers or answers nothing: the check that has shown it, where this one would only show it again. */
  function findMute(check: Check): ReturnType<typeof findMuteness> {
    const isMute = isBlocking && level !== 'delivers' && check.needs.includes('broadcast');
    return isMute ? findMuteness(found.values()) : undefined;
  }

  async function begin(): Promise<void> {
    level = await life.measureBaseline();
    // What did not arrive within the full wait need not be waited for as long in every check.
    if (level !== 'delivers' && life.target.abilities.broadcast) labs.waitAtMost(SHORT_WAIT_MILLIS);
  }

  async function alone(check: Check, earlier?: CheckResult, as?: RunAs): Promise<void> {
    if (signal.aborted) return;
    if (earlier !== undefined && showsMuteness(earlier) && findMute(check) !== undefined)
      return report(earlier);
    const result = await run(check, true, as);
    const death = hasRun(result) && loss === undefined ? await life.findDeath(check.id) : undefined;
    if (death !== undefined) countDeath(check.id, death);
    if (death !== undefined) report(blameForDeath(result, death.problem));
    else report(earlier === undefined ? result : withEarlier(result, earlier));
  }

  function countDeath(checkId: string, { problem, isRevived, route: failure }: Death): void {
    const found = { checkId, problem, isOfRoute: failure !== undefined };
    if (!isRevived) loss = found;
    else if (failure === 'refused' && isBlocking) {
      loss = firstRouteLoss;
      firstRouteLoss ??= found;
    }
  }

  /** Checks that have the hub to themselves, and beside them those that only listen: until the last of the others is done. */
  async function oneByOne(group: readonly Check[], listeners: readonly Check[]): Promise<void> {
    if (signal.aborted) return;
    const done = new AbortController();
    const until = group.length === 0 ? inTime : AbortSignal.any([signal, done.signal]);
    const listening = Promise.all(listeners.map((check) => run(check, false, { signal: until })));
    for (const check of group) await alone(check);
    done.abort();
    for (const result of await listening) report(result);
  }

  const onSecondHubs = (group: readonly Check[]) =>
    runOnSecondHubs(group, {
      target: life.target,
      async run(check, second, listening) {
        const its = watchCpu(clock, () => second);
        const hub = { labs: createLabs(() => second, settings, clock), cpu: its };
        const result = await run(check, true, { listening, hub });
        its.stop();
        return result;
      },
      report,
      signal: inTime,
    });

  async function covered(group: readonly Check[]): Promise<void> {
    for (const check of group) {
      const result = resultFrom(check, results.get(check.coveredBy ?? ''));
      if (result === undefined) await alone(check);
      else report(result);
    }
  }

  const throughout = (group: readonly Check[]): (() => Promise<void>) =>
    listenThroughout(group, {
      run: (check, listening) => run(check, false, { listening }),
      report,
      async again(check, listening) {
        found.delete(check.id);
        await alone(check, undefined, { listening });
      },
    });

  /** Reports what passed at once and holds back what did not, in case the hub died under it. */
  async function shared(group: readonly Check[]): Promise<void> {
    const suspects: CheckResult[] = [];
    await runSideBySide({
      checks: group,
      lanes: options.parallelChecks ?? PARALLEL_CHECKS,
      isOver: () => signal.aborted,
      async run(check) {
        const result = await run(check, false);
        if (isSuspect(result)) suspects.push(result);
        else report(result);
      },
    });
    const [first] = suspects;
    const death = first && (await life.findDeath('the checks that ran side by side'));
    if (first && death?.isRevived === false) return lose(suspects, death);
    for (const { id } of suspects) found.delete(id);
    // What failed beside others counts when it fails alone, too: another check may have disturbed it, or killed the hub.
    const untilMicros = clock.nowMicros() + CONFIRM_MILLIS * 1_000;
    for (const result of inOrder(suspects, group)) {
      const isRepeated = death !== undefined || (isBroken(result) && clock.nowMicros() < untilMicros);
      const check = group.find(({ id }) => id === result.id) as Check;
      if (isRepeated) await alone(check, death === undefined ? result : undefined);
      else report(result);
    }
  }

  /** The hub died under one of these and cannot be started again: the first that failed stands for all. */
  function lose(suspects: readonly CheckResult[], death: Death): void {
    const { problem } = death;
    const culprit = suspects.find(({ verdict }) => verdict === 'fail') ?? suspects[0];
    if (culprit === undefined) return;
    countDeath(culprit.id, death);
    for (const result of suspects) {
      const check = checks.find(({ id }) => id === result.id) as Check;
      if (result === culprit) report(blameForDeath(result, problem));
      else report(result.verdict === 'fail' ? result : blocked(check, culprit.id, problem));
    }
  }

  function outcome(): RunOutcome {
    const ordered = checks.map((check) => results.get(check.id) ?? interrupted(check));
    return { results: ordered, isPartial: signal.aborted };
  }

  function stop(): void {
    time.stop();
    cpu.stop();
  }

  const plan = () => planRest(checks, labs, life.target, clock);

  return { begin, onSecondHubs, covered, throughout, shared, plan, oneByOne, outcome, stop };
}

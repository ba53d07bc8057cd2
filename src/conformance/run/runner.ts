// Runs checks on a target: those that may share the hub side by side, then the others one by one, each followed by a
// health check of the hub. A hub that died is restarted where the kit can do it.
import { randomBytes } from 'node:crypto';
import { prepareEnvelopeValidation } from '../../protocol/envelope-validation.ts';
import { createPacer, paceFor } from '../../session/window.ts';
import type { Target } from '../../target/target.ts';
import { type Clock, systemClock } from '../../time/clock.ts';
import { CHAPTERS, type Check } from '../check.ts';
import { error, skip } from '../finding.ts';
import { type OwnedLab, openLab } from '../lab/open-lab.ts';
import { type CheckResult, judge } from '../result.ts';
import { checkHubHealth, HEALTH_LEVELS, type HubHealth } from './hub-health.ts';
import { runCheck } from './run-check.ts';
import type { Settings } from './settings.ts';
import { watchStarvation } from './starvation.ts';

export interface RunOptions {
  readonly checks: readonly Check[];
  readonly target: Target;
  readonly settings: Settings;
  /** Aborted: the run ends soon, with what it has. */
  readonly signal?: AbortSignal;
  /** Called once for each check, as soon as its result is there. */
  readonly onResult?: (result: CheckResult) => void;
  /** Checks side by side; default 6. */
  readonly parallelChecks?: number;
}

export interface RunOutcome {
  /** In the order of `checks`. */
  readonly results: readonly CheckResult[];
  readonly isPartial: boolean;
}

const PARALLEL_CHECKS = 6;
/** Fixed, so that no series' name is the beginning of another's. */
const LAB_NUMBER_DIGITS = 5;
const SHORT_WAIT_MILLIS = 2_000;

export async function runChecks(options: RunOptions): Promise<RunOutcome> {
  prepareEnvelopeValidation();
  const run = createRun(options, systemClock);
  try {
    const shared = options.checks.filter((check) => check.isolation === 'shared');
    await run.begin();
    await run.shared(shared);
    for (const chapter of CHAPTERS) {
      const inChapter = options.checks.filter((check) => check.chapter === chapter);
      await run.oneByOne(
        inChapter.filter(({ isolation }) => isolation === 'alone'),
        inChapter.filter(({ isolation }) => isolation === 'beside'),
      );
    }
    return run.outcome();
  } finally {
    run.stop();
  }
}

function createRun(options: RunOptions, clock: Clock) {
  const { checks } = options;
  let { settings } = options;
  // The health of the hub before the first check: no check is blamed for what never worked.
  let baseline: HubHealth['level'] = 'delivers';
  const signal = options.signal ?? new AbortController().signal;
  const results = new Map<string, CheckResult>();
  const starvation = watchStarvation(clock);
  const pace = paceFor(options.settings.clientBufferMessages);
  const sharedPacer = createPacer(pace);
  const token = randomBytes(5).toString('hex');
  let target = options.target;
  let labs = 0;
  // Why no further check can be judged.
  let lossReason: string | undefined;

  function openLabFor(checkId: string, isAlone: boolean, labSignal: AbortSignal): OwnedLab {
    const seriesName = `c${token}x${String(labs++).padStart(LAB_NUMBER_DIGITS, '0')}`;
    const pacer = isAlone ? createPacer(pace) : sharedPacer;
    return openLab({ checkId, seriesName, target, settings, clock, pacer, isAlone, signal: labSignal });
  }

  function report(result: CheckResult): void {
    results.set(result.id, result);
    options.onResult?.(result);
  }

  async function run(check: Check, isAlone: boolean, until: AbortSignal = signal): Promise<CheckResult> {
    if (lossReason !== undefined) return judge(check, error(lossReason), { durationMillis: 0, wire: [] });
    const openItsLab = (each: AbortSignal): OwnedLab => openLabFor(check.id, isAlone, each);
    const result = await runCheck({ check, clock, signal: until, starvation, openLab: openItsLab });
    // Its waits were cut short: what had not arrived by then might still have.
    return signal.aborted ? interrupted(check) : result;
  }

  async function begin(): Promise<void> {
    const { level } = await checkHubHealth(openLabFor('hub-alive', true, signal));
    baseline = level;
    // What did not arrive within the full wait need not be waited for as long in every check.
    if (level !== 'delivers' && target.abilities.broadcast) {
      settings = { ...settings, waitMillis: Math.min(settings.waitMillis, SHORT_WAIT_MILLIS) };
    }
  }

  /** Undefined while the hub is as healthy as at the beginning; otherwise what is wrong, after an attempt to restart it. */
  async function findDeath(suspect: string): Promise<string | undefined> {
    if (lossReason !== undefined || signal.aborted) return undefined;
    const health = await checkHubHealth(openLabFor('hub-alive', true, signal), baseline);
    if (HEALTH_LEVELS.indexOf(health.level) >= HEALTH_LEVELS.indexOf(baseline) || signal.aborted)
      return undefined;
    const problem = `after ${suspect} the hub is not alive: ${health.problem}`;
    lossReason = await revive(problem);
    return problem;
  }

  async function revive(problem: string): Promise<string | undefined> {
    if (!target.abilities.restart) return `not judged, because ${problem}`;
    await target.kill();
    const start = await target.restart();
    if (!start.ok)
      return `not judged, because ${problem}, and it could not be started again: ${start.problem}`;
    target = start.target;
    return undefined;
  }

  async function alone(check: Check): Promise<void> {
    if (signal.aborted) return;
    const result = await run(check, true);
    const death = hasRun(result) ? await findDeath(check.id) : undefined;
    report(death === undefined ? result : blameForDeath(result, death));
  }

  /** Checks that have the hub to themselves, and beside them those that only listen: until the last of the others is done. */
  async function oneByOne(group: readonly Check[], listeners: readonly Check[]): Promise<void> {
    if (signal.aborted) return;
    const done = new AbortController();
    const until = group.length === 0 ? signal : AbortSignal.any([signal, done.signal]);
    const listening = Promise.all(listeners.map((check) => run(check, false, until)));
    for (const check of group) await alone(check);
    done.abort();
    for (const result of await listening) report(result);
  }

  async function shared(group: readonly Check[]): Promise<void> {
    const held = await runSideBySide(group, options.parallelChecks ?? PARALLEL_CHECKS);
    const suspects = held.filter(isSuspect);
    const death =
      suspects.length === 0 && held.length > 0
        ? undefined
        : await findDeath('the checks that ran side by side');
    if (death === undefined || lossReason !== undefined) {
      held.filter(({ id }) => !results.has(id)).forEach(report);
      return;
    }
    // One of these checks killed the hub, which runs again: those that did not pass are repeated, one by one.
    for (const result of held) if (!suspects.includes(result) && !results.has(result.id)) report(result);
    for (const { id } of suspects) await alone(group.find((check) => check.id === id) as Check);
  }

  /** Reports what passed at once and holds back what did not, in case the hub died under it. */
  async function runSideBySide(group: readonly Check[], parallel: number): Promise<CheckResult[]> {
    const held: CheckResult[] = [];
    const inLanes = async (lanes: number, wanted: Check['turn']): Promise<void> => {
      const queue = group.filter(({ turn }) => turn === wanted);
      const lane = async (): Promise<void> => {
        for (let check = queue.shift(); check !== undefined && !signal.aborted; check = queue.shift()) {
          const result = await run(check, false);
          held.push(result);
          if (!isSuspect(result)) report(result);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    };
    const first = inLanes(parallel, 'first');
    await inLanes(parallel, undefined);
    await inLanes(parallel, 'last');
    await first;
    return held;
  }

  function outcome(): RunOutcome {
    const ordered = checks.map((check) => results.get(check.id) ?? interrupted(check));
    return { results: ordered, isPartial: signal.aborted };
  }

  return { begin, shared, oneByOne, outcome, stop: () => starvation.stop() };
}

/** A check that was skipped at once has not touched the hub. */
const hasRun = ({ verdict, durationMs }: CheckResult): boolean => verdict !== 'skip' || durationMs > 0;

/** The hub may have died before or under this check: a check whose control client is not served is skipped. */
const isSuspect = (result: CheckResult): boolean =>
  result.verdict === 'fail' || result.verdict === 'error' || (result.verdict === 'skip' && hasRun(result));

function interrupted(check: Check): CheckResult {
  return judge(check, skip('the run was interrupted'), { durationMillis: 0, wire: [] });
}

function blameForDeath(result: CheckResult, death: string): CheckResult {
  const { reason, ...rest } = result;
  if (result.verdict === 'fail') return { ...rest, evidence: [...result.evidence, death] };
  return {
    ...rest,
    verdict: 'fail',
    expected: 'the hub stays alive and serves a new client',
    got: death,
    evidence: reason === undefined ? result.evidence : [...result.evidence, reason],
  };
}

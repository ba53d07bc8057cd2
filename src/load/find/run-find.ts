// A capacity search from its first step to its answer: a load test for each level that the search asks for, on one hub,
// within a budget of time. What ended the search early is said, and the answer is folded from the steps until then.
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { Parsed } from '../../units/parsed.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { LoadtestResult } from '../result/result.ts';
import type { FindStep } from './find-result.ts';
import { judgeStep, readFigures } from './judge-step.ts';
import { type MachineWork, shareOfOthers } from './other-work.ts';
import { type Answer, chooseNext, foldAnswer, type SearchOptions } from './search.ts';

/** Between steps a hub closes what the last one left. */
const REST_MILLIS = 300;

export interface FindOptions {
  readonly search: SearchOptions;
  readonly planAt: (level: number) => LoadPlan;
  /** Runs one load test; must end soon after `signal` is aborted. Not ok: why none can be run any more. */
  readonly runStep: (plan: LoadPlan, signal: AbortSignal) => Promise<Parsed<LoadtestResult>>;
  /** After the hub went away: true when it is up again. */
  readonly revive: () => Promise<boolean>;
  /** No step is begun that would not end within it, as far as that can be known; the one under way is cut off there. */
  readonly budgetMillis: number;
  /** CPU time of the whole machine; undefined where it is not known. */
  readonly readMachineWork: () => MachineWork | undefined;
  readonly clock: Clock;
  readonly interruption: AbortSignal;
  /** Called after each step with all so far and what they say. */
  readonly onStep: (steps: readonly FindStep[], answer: Answer) => void;
}

export interface FindOutcome {
  readonly answer: Answer;
  readonly steps: readonly FindStep[];
  /** The result of the last step; for what was the same in all. */
  readonly last: LoadtestResult | undefined;
  /** Why it ended before the search was done, one sentence. */
  readonly stoppedBecause: string | undefined;
  /** True when the hub is away and does not come back. */
  readonly hasTargetFailed: boolean;
  /** Why not even the first step could be run; absent when it was. */
  readonly cannotRun?: string;
}

export async function runFind(options: FindOptions): Promise<FindOutcome> {
  const { search, clock, budgetMillis, interruption } = options;
  const startMicros = clock.nowMicros();
  const elapsedMillis = () => (clock.nowMicros() - startMicros) / 1e3;
  const steps: FindStep[] = [];
  let last: LoadtestResult | undefined;
  const end = (stoppedBecause?: string, hasTargetFailed = false): FindOutcome => {
    const answer = foldAnswer(search, steps);
    return { answer, steps, last, stoppedBecause, hasTargetFailed };
  };
  for (;;) {
    const next = chooseNext(search, steps);
    if (next.kind === 'done') return end();
    if (interruption.aborted) return end('interrupted');
    const longestMillis = Math.max(0, ...steps.slice(-3).map(({ durationMs }) => durationMs));
    if (elapsedMillis() + longestMillis > budgetMillis) return end(describeBudget(budgetMillis));
    const startedAtMillis = Math.round(elapsedMillis());
    const plan = options.planAt(next.level);
    const workBefore = options.readMachineWork();
    const cut = cutOff(clock, budgetMillis - startedAtMillis, interruption);
    const run = await options.runStep(plan, cut.signal);
    cut.release();
    if (!run.ok && interruption.aborted) return end('interrupted');
    if (!run.ok) return { ...end(run.problem), ...(steps.length === 0 && { cannotRun: run.problem }) };
    const result = run.value;
    if (cut.signal.aborted && result.partial)
      return end(interruption.aborted ? 'interrupted' : describeBudget(budgetMillis));
    const durationMs = Math.round(elapsedMillis()) - startedAtMillis;
    const workAfter = options.readMachineWork();
    const ownSeconds = result.generator.cpuSeconds + hubSeconds(result, last);
    const othersCpuShare =
      workBefore && workAfter && result.hub
        ? round2(shareOfOthers(workBefore, workAfter, durationMs / 1e3, ownSeconds))
        : null;
    last = result;
    const times = { startedAtMillis, durationMs, othersCpuShare };
    steps.push({ level: next.level, ...judgeStep(result, plan), ...times, ...readFigures(result, plan) });
    options.onStep(steps, foldAnswer(search, steps));
    if (result.hasTargetFailed && !(await options.revive()))
      return end(result.stoppedBecause ?? 'the hub went away', true);
    await pause(clock, REST_MILLIS, interruption);
  }
}

/** CPU time of the hub since the step before; less than that step's means that it is a new process. */
function hubSeconds({ hub }: LoadtestResult, before: LoadtestResult | undefined): number {
  const now = hub?.cpuSeconds ?? 0;
  const then = before?.hub?.cpuSeconds ?? 0;
  return now >= then ? now - then : now;
}

const round2 = (share: number): number => Math.round(share * 100) / 100;

function describeBudget(budgetMillis: number): string {
  return `the time was over (budget ${Math.round(budgetMillis / 1e3)} s)`;
}

/** Aborts with `interruption`, or when the time is over. */
function cutOff(clock: Clock, afterMillis: number, interruption: AbortSignal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = clock.after(afterMillis, abort);
  interruption.addEventListener('abort', abort, { once: true });
  if (interruption.aborted) abort();
  return {
    signal: controller.signal,
    release(): void {
      timer.cancel();
      interruption.removeEventListener('abort', abort);
    },
  };
}

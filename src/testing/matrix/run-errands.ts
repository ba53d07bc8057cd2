// Runs the suite on many hubs at once. Hubs that failed most checks last time mostly wait for answers that never come
// and take almost no CPU time, so they get lanes of their own. A check without a verdict runs once more, when the
// machine is quiet.
import type { Parsed } from '../../units/parsed.ts';
import { createLanes } from '../lanes.ts';
import type { Judged } from './kept-verdicts.ts';
import type { Subject } from './row.ts';

export interface Errand {
  readonly subject: Subject;
  /** Ids. */
  readonly checks: readonly string[];
  /** How many checks failed in the last run. */
  readonly earlierFailures: number;
}

interface RunOptions {
  readonly errands: readonly Errand[];
  /** Hubs at the same time; as many again of those that mostly wait. */
  readonly jobs: number;
  readonly judge: (subject: Subject, checks: readonly string[]) => Promise<Parsed<Judged>>;
  readonly onResult: (subject: Subject, result: Judged) => Promise<void>;
}

const MOSTLY_WAITING_FAILURES = 20;

/** Resolves with the problems of hubs that could not be judged. */
export async function runErrands(options: RunOptions): Promise<readonly string[]> {
  const { errands, jobs, judge, onResult } = options;
  const problems: string[] = [];
  const again: Errand[] = [];

  async function run(errand: Errand): Promise<void> {
    const judged = await judge(errand.subject, errand.checks);
    if (!judged.ok) {
      problems.push(judged.problem);
      return;
    }
    await onResult(errand.subject, judged.value);
    const withoutVerdict = judged.value.checks
      .filter(({ verdict }) => verdict === 'error')
      .map(({ id }) => id);
    if (withoutVerdict.length > 0) again.push({ ...errand, checks: withoutVerdict });
  }

  const [waitingLane, busyLane] = [createLanes(jobs), createLanes(jobs)];
  await Promise.all(
    errands.map((errand) => {
      const inLane = errand.earlierFailures > MOSTLY_WAITING_FAILURES ? waitingLane : busyLane;
      return inLane(() => run(errand));
    }),
  );
  for (const errand of again.splice(0)) await run(errand);
  return problems;
}

// Slow cohorts read on one after the other; the one after which a standstill ends is named, and nobody else.
import { describe, expect, it } from 'vitest';
import { parseCohort } from '../../../client/cohort.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import { RunControl } from '../run-control.ts';
import { findBlockingCohort, releaseUntil } from './release.ts';

const COHORTS = ['fast=9', 'lag=2:lag(50ms)', 'slow=3:trickle(1KiB/s)', 'asleep=4:stall', 'dead=1:half-open'];

function setUp(culprit: string | undefined) {
  const clock = createSimulatedClock();
  const cohorts = COHORTS.map((text) => {
    const cohort = parseCohort(text);
    if (!cohort.ok) throw new Error(cohort.problem);
    return cohort.value;
  });
  const drained: string[] = [];
  const answers: ((isTaken: boolean) => void)[] = [];
  const context = {
    plan: { cohorts } as unknown as LoadPlan,
    control: new RunControl(clock, () => {}),
    pool: {
      drain(names: readonly string[]) {
        drained.push(...names);
        if (culprit !== undefined && names.includes(culprit)) for (const answer of answers) answer(true);
      },
    },
    watch: { endQueues: async () => {} },
    publisher: {
      control: () =>
        new Promise<boolean>((resolve) => {
          answers.push(resolve);
        }),
    },
  } as unknown as Parameters<typeof findBlockingCohort>[0];
  const finish = async <T>(work: Promise<T>): Promise<T> => {
    for (let i = 0; i < 30_000; i += 10) await clock.advanceAsync(10);
    return work;
  };
  return { context, drained, answers, finish };
}

describe('findBlockingCohort', () => {
  it('names the cohort after which the hub answers, and releases no more', async () => {
    const { context, drained, finish } = setUp('dead');
    expect(await finish(findBlockingCohort(context))).toBe('dead');
    expect(drained).toEqual(['asleep', 'dead']);
  });

  it('names none when the hub never answers, and does not suspect clients that a hub must keep', async () => {
    const { context, drained, finish } = setUp(undefined);
    expect(await finish(findBlockingCohort(context))).toBeUndefined();
    expect(drained).toEqual(['asleep', 'dead', 'slow']);
  });

  it('names none when the hub answers before anybody reads on', async () => {
    const { context, drained, answers, finish } = setUp(undefined);
    const found = findBlockingCohort(context);
    for (const answer of answers) answer(true);
    expect(await finish(found)).toBeUndefined();
    expect(drained).toEqual([]);
  });
});

describe('releaseUntil', () => {
  it('ends with the first cohort after which the condition holds', async () => {
    const { context, drained, finish } = setUp(undefined);
    expect(await finish(releaseUntil(context, () => drained.includes('slow')))).toBe('slow');
  });
});

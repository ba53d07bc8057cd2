// The end of the stream on a simulated clock: a worker that was stopped is no standstill of the hub, and a hub that waits for
// slow clients is one.
import { describe, expect, it } from 'vitest';
import { parseCohort } from '../../../client/cohort.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import type { Finding } from '../../result/result.ts';
import type { RunContext } from '../run-context.ts';
import { RunControl } from '../run-control.ts';
import { drain } from './drain.ts';

const cohorts = ['fast=9', 'asleep=4:stall', 'dead=1:half-open'].map((text) => {
  const cohort = parseCohort(text);
  if (!cohort.ok) throw new Error(cohort.problem);
  return cohort.value;
});

interface Course {
  /** From the start of the drain: when the worker of the fast clients reports again; it had been stopped. */
  readonly reportsAtMillis?: number;
  /** The fast clients receive nothing until the clients of this cohort read on. */
  readonly waitsFor?: string;
  /** Clients receive what is left one by one. */
  readonly eventEveryMillis?: number;
}

async function run({ reportsAtMillis = 0, waitsFor, eventEveryMillis }: Course) {
  const clock = createSimulatedClock({ startMicros: 0 });
  const findings: Finding[] = [];
  const drained: string[] = [];
  const isCurrent = () => clock.nowMicros() >= reportsAtMillis * 1e3;
  const hasMovedOn = () => isCurrent() && (waitsFor === undefined || drained.includes(waitsFor));
  function lowestNextSequence(): number {
    if (!hasMovedOn()) return 90;
    const arrived = eventEveryMillis === undefined ? 1e6 : clock.nowMicros() / 1e3 / eventEveryMillis;
    return Math.min(publisher.acceptedEvents, 90 + Math.floor(arrived));
  }
  const publisher = {
    acceptedEvents: 100,
    log: { acceptedAtMicros: () => 0 },
    async publish() {
      publisher.acceptedEvents++;
    },
  };
  const context = {
    plan: { cohorts } as unknown as LoadPlan,
    clock,
    publisher,
    control: new RunControl(clock, () => {}),
    pool: { isCurrent, drain: (names: readonly string[]) => drained.push(...names) },
    progress: {
      lowestNextSequence,
      sum: (_names: readonly string[], key: string) => (key === 'waiting' ? 0 : 9),
    },
    watch: { endQueues: async () => {} },
    report: (finding: Finding) => findings.push(finding),
  } as unknown as RunContext;
  const done = drain(context);
  await clock.advanceAsync(60_000);
  await done;
  return { findings, fences: publisher.acceptedEvents - 100 };
}

describe('drain', () => {
  it.each([5_500, 6_500, 7_500, 9_500])(
    'reports no standstill while a worker is stopped for %i ms',
    async (reportsAtMillis) => {
      expect((await run({ reportsAtMillis })).findings).toEqual([]);
    },
  );

  it('waits while clients receive what is on its way, however long that takes', async () => {
    expect(await run({ eventEveryMillis: 2_000 })).toEqual({ findings: [], fences: 1 });
  });

  it('names the cohort that a hub waits for, also after a worker was stopped', async () => {
    for (const reportsAtMillis of [0, 4_000])
      expect((await run({ waitsFor: 'asleep', reportsAtMillis })).findings).toMatchObject([
        { name: 'blocked', cohort: 'asleep' },
      ]);
  });
});

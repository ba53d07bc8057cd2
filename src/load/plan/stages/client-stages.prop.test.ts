// Clients of stages: whoever looks whenever finds the same levels.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlan, type PlanWords } from '../create-plan.ts';
import { clientsBetween, clientsInAll, mostClients } from './client-stages.ts';

const anyCohort = fc.record({
  clients: fc.integer({ min: 1, max: 500 }),
  stages: fc.array(
    fc.record({
      durationMillis: fc.constantFrom(0, 70, 1_000, 3_000),
      target: fc.integer({ min: 0, max: 500 }),
    }),
    { maxLength: 8 },
  ),
});

describe('clients of stages', () => {
  it('reach the same levels, however often somebody looks', () => {
    fc.assert(
      fc.property(
        anyCohort,
        fc.integer({ min: 1, max: 30_000 }),
        fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1 }),
        (cohort, durationMillis, pauses) => {
          let [level, most, after] = [cohort.clients, cohort.clients, -1];
          for (let look = 0; after < durationMillis; look++) {
            const until = Math.min(
              durationMillis,
              Math.max(0, after) + (pauses[look % pauses.length] as number),
            );
            for (const reached of clientsBetween(cohort, after, until)) {
              level = reached;
              most = Math.max(most, level);
            }
            expect(level).toBeLessThanOrEqual(mostClients(cohort));
            after = until;
          }
          expect(most).toBe(clientsInAll(cohort, durationMillis));
          expect(level).toBe(clientsBetween(cohort, durationMillis, durationMillis).at(-1));
        },
      ),
    );
  });
});

describe('stages of a plan', () => {
  const plan = (words: PlanWords) => {
    const created = createPlan(words);
    return created.ok ? created.value : `${created.field}: ${created.problem}`;
  };

  it('lead on from --clients, or from 1, and last as long as they take', () => {
    const staged = plan({ clients: 10, stages: ['30s:1000, 2m:0'] });
    expect(staged).toMatchObject({
      cohorts: [{ name: 'fast', clients: 10, stages: [{ target: 1_000 }, { target: 0 }] }],
      durationMillis: 150_000,
    });
    expect(plan({ stages: ['1s:5'], cohorts: ['asleep=2:stall'] })).toMatchObject({
      cohorts: [{ name: 'fast', clients: 1 }, { name: 'asleep' }],
      durationMillis: 1_000,
    });
    expect(plan({ cohorts: ['a=3'], stages: ['a=2s:9'], rateStages: '5s:50' })).toMatchObject({
      cohorts: [{ name: 'a', clients: 3, stages: [{ target: 9 }] }],
      rateStages: [{ durationMillis: 5_000, target: 50 }],
      durationMillis: 5_000,
    });
    expect(plan({ rateStages: '5s:50', durationMillis: 2_000 })).toMatchObject({ durationMillis: 2_000 });
  });

  it.each<[PlanWords, RegExp]>([
    [{ cohorts: ['a=3'], stages: ['b=2s:9'] }, /^stages: no cohort "b"; did you mean a\?$/],
    [{ cohorts: ['a=3'], stages: ['a=2s:9', 'a=1s:1'] }, /^stages: cohort a has stages twice$/],
    [
      { cohorts: ['s=3:stall'], stages: ['s=2s:9'] },
      /^stages: cohort s has clients that a hub need not keep/,
    ],
    [{ stages: ['2s:many'] }, /^stages: "many" is not a number of clients from 0 to 1000000$/],
    [{ stages: ['2s:1.5'] }, /^stages: "1.5" is not a number of clients/],
    [{ rateStages: '5s:50', ratePerSecond: 5 }, /^rateStages: give one rate/],
    [{ rateStages: '5s:50', speed: 5 }, /^speed: leave it out with a rate/],
    [
      { durationMillis: 5_000, thresholds: ['published[10s]>5'] },
      /^thresholds: "published\[10s\]>5": its window is longer than the measured time, 5 s$/,
    ],
    [{ rateStages: 'often' }, /^rateStages: "often" is not DURATION:TARGET/],
  ])('refuses %j', (words, problem) => {
    expect(plan(words)).toMatch(problem);
  });
});

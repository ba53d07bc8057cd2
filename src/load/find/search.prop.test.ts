// The search against hubs that are simulated: sharp ones, and noisy ones whose capacity is a slope and whose steps fail for
// no reason of their own. It must end, must be right, and must say how sure it is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kit/random.ts';
import {
  type Answer,
  chooseNext,
  foldAnswer,
  SEARCH_DEFAULTS,
  type SearchOptions,
  type Step,
  type StepOutcome,
} from './search.ts';

const OPTIONS: SearchOptions = { from: 50, least: 1, most: 100_000, ...SEARCH_DEFAULTS };
const AGREEMENT = 1.15;

function search(hub: (level: number, at: number) => StepOutcome, options = OPTIONS) {
  const steps: Step[] = [];
  for (;;) {
    const next = chooseNext(options, steps);
    if (next.kind === 'done') return { steps, answer: foldAnswer(options, steps) };
    expect(next.level).toBeGreaterThanOrEqual(options.least);
    expect(next.level).toBeLessThanOrEqual(options.most);
    steps.push({ level: next.level, outcome: hub(next.level, steps.length) });
    expect(steps.length).toBeLessThanOrEqual(options.maxSteps);
  }
}

const sharp = (capacity: number) => (level: number) => (level <= capacity ? 'passed' : 'failed');
const factorBetween = (a: number, b: number) => Math.max(a, b) / Math.min(a, b);
const capacityOf = (answer: Answer) => (answer.kind === 'capacity' ? answer.level : Number.NaN);
const capacities = fc.integer({ min: 20, max: 50_000 });

describe('the search', () => {
  it('finds the capacity of a sharp hub within its interval, and is precise', () => {
    fc.assert(
      fc.property(capacities, fc.integer({ min: 1, max: 5_000 }), (capacity, from) => {
        const { answer } = search(sharp(capacity), { ...OPTIONS, from });
        if (answer.kind !== 'capacity') throw new Error(answer.kind);
        expect(answer.isPrecise).toBe(true);
        expect(answer.low).toBeLessThanOrEqual(capacity * 1.03 + 1);
        expect(answer.high).toBeGreaterThanOrEqual(capacity * 0.97 - 1);
        expect(factorBetween(answer.level, capacity)).toBeLessThan(AGREEMENT);
      }),
      { numRuns: 25 },
    );
  });

  it('is not turned by one step that fails for no reason', () => {
    fc.assert(
      fc.property(capacities, fc.nat(25), (capacity, unlucky) => {
        const hub = sharp(capacity);
        const { answer } = search((level, at) => (at === unlucky ? 'failed' : hub(level)));
        expect(factorBetween(capacityOf(answer), capacity)).toBeLessThan(AGREEMENT);
      }),
      { numRuns: 25 },
    );
  });

  it('agrees with itself within 15 % in 19 of 20 pairs on hubs with a soft capacity and 5 % of bad steps', () => {
    const pairs = 30;
    const outcomes = Array.from({ length: pairs }, (_, index) => {
      const random = createRandom(index, 'noisy hub');
      const capacity = 30 * 300 ** random.next();
      const hub = (level: number): StepOutcome => {
        const chance = 0.95 / (1 + Math.exp(Math.log(level / capacity) / 0.05));
        return random.next() < chance ? 'passed' : 'failed';
      };
      const [one, other] = [capacityOf(search(hub).answer), capacityOf(search(hub).answer)];
      return {
        agree: factorBetween(one, other) < AGREEMENT,
        right: factorBetween(one, capacity) < AGREEMENT,
      };
    });
    expect(outcomes.filter(({ agree }) => agree).length / pairs).toBeGreaterThanOrEqual(0.95);
    expect(outcomes.filter(({ right }) => right).length / pairs).toBeGreaterThanOrEqual(0.95);
  });

  it('says that the driver is the limit where the driver gives way first', () => {
    fc.assert(
      fc.property(capacities, (limit) => {
        const { answer } = search((level) => (level <= limit ? 'passed' : 'limited'));
        if (answer.kind !== 'at-least') throw new Error(answer.kind);
        expect(answer.limit).toBe('driver');
        expect(answer.level).toBeLessThanOrEqual(limit);
        expect(factorBetween(answer.level, limit)).toBeLessThan(1.2);
      }),
      { numRuns: 20 },
    );
  });

  it('ends whatever a hub does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<StepOutcome>('passed', 'failed', 'limited'), {
          minLength: 60,
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 200, max: 2_000 }),
        (outcomes, from, most) => {
          const options = { ...OPTIONS, from, most };
          const { steps, answer } = search((_level, at) => outcomes[at] ?? 'failed', options);
          expect(steps.length).toBeGreaterThan(0);
          if (answer.kind === 'capacity') {
            expect(answer.low).toBeLessThanOrEqual(answer.level);
            expect(answer.level).toBeLessThanOrEqual(answer.high);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

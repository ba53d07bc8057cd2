// Where a finding settles, on simulated hubs whose failures are matters of luck: how plain it may become, and when it is
// repeated.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kit/random.ts';
import type { Violation } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import type { Candidate, Shown } from './reproduce.ts';
import { isReliable, type Settled, settle } from './settle.ts';
import { shrinkPrograms } from './shrink.ts';

const VIOLATION: Violation = { kind: 'lost', who: 'client 1', got: 'gone', isTimed: false };
const REPLAY_TRIES = 6;

const program = (factors: Program['factors']): Program => ({ seed: 1, factors });

interface SimulatedHub {
  /** How likely one round of these programs fails. */
  readonly rate: (programs: readonly Program[]) => number;
  readonly seed?: number;
  /** So many runs of programs, then the time is over. */
  readonly mostRuns?: number;
}

function simulate({ rate, seed = 1, mostRuns = 5_000 }: SimulatedHub, start: readonly Program[]) {
  const random = createRandom(seed, 'settle');
  let runs = 0;
  const isOver = () => runs >= mostRuns;
  const show = async ({ programs, rounds }: Candidate): Promise<Shown | undefined> => {
    for (let round = 0; round < rounds && (round === 0 || !isOver()); round++) {
      runs++;
      if (random.next() < rate(programs)) return { programs, rounds, violation: VIOLATION };
    }
    return undefined;
  };
  const settled = settle({
    start: { programs: start, rounds: 1 },
    shrink: (programs, fails) => shrinkPrograms(programs, { fails, isOver }),
    show,
    isOver,
  });
  return { settled, runs: () => runs };
}

const factorsOf = ({ programs }: Settled) => programs.at(-1)?.factors;

/** How likely a replay shows it, which tries several times. */
function replayRate({ programs, rounds }: Settled, rate: SimulatedHub['rate']): number {
  const missed = (1 - rate(programs)) ** (rounds * REPLAY_TRIES);
  return 1 - missed;
}

describe('a finding that always fails', () => {
  it('is as plain as it can be, and measured four times', async () => {
    const { settled } = simulate({ rate: ([one]) => (one?.factors.sends === 'binary' ? 1 : 0) }, [
      program({ sends: 'binary', client: 'chrome', clients: 40 }),
    ]);
    const found = await settled;
    expect(factorsOf(found)).toEqual({ sends: 'binary' });
    expect([found.rounds, found.shown, found.tries]).toEqual([1, 4, 4]);
  });
});

describe('a finding that becomes a matter of luck when it is reduced', () => {
  // With many clients it always fails, with few of them seldom.
  const rate: SimulatedHub['rate'] = ([one]) =>
    one?.factors.sends === 'binary' ? Math.min(1, Number(one.factors.clients ?? 1) / 20) : 0;
  const start = [program({ sends: 'binary', client: 'chrome', clients: 40, cookies: 'one' })];

  it.each([1, 2, 3, 4, 5, 6])('keeps what makes it reliable, and nothing else (seed %i)', async (seed) => {
    const found = await simulate({ rate, seed }, start).settled;
    expect(Object.keys(factorsOf(found) ?? {}).sort()).toEqual(['clients', 'sends']);
    expect(replayRate(found, rate)).toBeGreaterThan(0.95);
    expect(found.rounds).toBe(1);
  });
});

describe('a finding that fails a little less often when it is reduced', () => {
  it.each([1, 2, 3, 4, 5, 6])('is not named by what only helps (seed %i)', async (seed) => {
    const helping = ['client', 'cookies', 'query', 'form', 'types'];
    const rate: SimulatedHub['rate'] = ([one]) =>
      one?.factors.sends === 'binary'
        ? 0.75 + 0.05 * helping.filter((name) => one.factors[name] !== undefined).length
        : 0;
    const factors = {
      sends: 'binary',
      client: 'chrome',
      cookies: 'one',
      query: 'token',
      form: 'spaced',
      types: 'long',
    };
    const found = await simulate({ rate, seed }, [program(factors)]).settled;
    expect(Object.keys(factorsOf(found) ?? {})).toContain('sends');
    expect(Object.keys(factorsOf(found) ?? {}).length).toBeLessThanOrEqual(3);
    expect(replayRate(found, rate)).toBeGreaterThan(0.95);
  });
});

describe('a finding that is a matter of luck from the start', () => {
  it('is repeated until it shows, and named by what it needs', async () => {
    const rate: SimulatedHub['rate'] = ([one]) => (one?.factors.sends === 'binary' ? 0.2 : 0);
    const start = [program({ sends: 'binary', client: 'chrome' })];
    const found = await Promise.all(
      Array.from({ length: 40 }, (_, seed) => simulate({ rate, seed }, start).settled),
    );
    expect(found.every((one) => factorsOf(one)?.sends === 'binary')).toBe(true);
    expect(found.filter((one) => factorsOf(one)?.client === undefined).length).toBeGreaterThan(34);
    expect(found.filter((one) => replayRate(one, rate) > 0.95).length).toBeGreaterThan(36);
  });

  it('says that it was not shown again where it is not', async () => {
    const { settled, runs } = simulate({ rate: () => 0 }, [program({ sends: 'binary' })]);
    expect(await settled).toMatchObject({ shown: 0, violation: undefined });
    expect(runs()).toBeLessThan(1_000);
  });
});

describe('settling', () => {
  it('ends when the time is over, with at least one try', async () => {
    const { settled, runs } = simulate({ rate: () => 0.5, mostRuns: 0 }, [program({ sends: 'binary' })]);
    expect((await settled).tries).toBe(1);
    expect(runs()).toBe(1);
  });

  it('is reliable when it was shown four times before it was missed three times, or never missed', () => {
    expect(isReliable({ shown: 4, tries: 4 })).toBe(true);
    expect(isReliable({ shown: 4, tries: 6 })).toBe(true);
    expect(isReliable({ shown: 1, tries: 1 })).toBe(true);
    expect(isReliable({ shown: 2, tries: 3 })).toBe(false);
    expect(isReliable({ shown: 4, tries: 7 })).toBe(false);
    expect(isReliable({ shown: 0, tries: 0 })).toBe(false);
  });

  it('keeps something that can fail, whatever each factor adds to the rate', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (shares, seed) => {
          const names = ['sends', 'client', 'cookies'];
          const rate: SimulatedHub['rate'] = ([one]) =>
            names.reduce(
              (sum, name, at) => sum + (one?.factors[name] === undefined ? 0 : (shares[at] ?? 0) / 3),
              0,
            );
          const start = [program({ sends: 'binary', client: 'chrome', cookies: 'one' })];
          const found = await simulate({ rate, seed }, start).settled;
          if (found.shown > 0) expect(rate(found.programs)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});

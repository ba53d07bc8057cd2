// Programs that are drawn: files hold them, plans keep to what a correct hub must bear, coverage counts their pairs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kit/random.ts';
import { FACTORS } from '../factors/all-factors.ts';
import { createCoverage } from './coverage.ts';
import { drawProgram, isCostlyTurn } from './draw.ts';
import { type Bounds, isPossible, planProgram, SPARE_MESSAGES } from './plan.ts';
import { factorValue, type Program, parseProgramFile, renderProgramFile } from './program.ts';

const BOUNDS: Bounds = {
  clientBufferMessages: 64,
  windowEvents: 32,
  eventBytes: 262_144,
  hasSmallWindow: true,
  canRestart: true,
  hasIpv6: true,
  silenceMillis: 60_000,
  mostClients: 1_500,
  mostEvents: Number.POSITIVE_INFINITY,
};

function draw(seed: number, bounds = BOUNDS): Program {
  return drawProgram({
    random: createRandom(seed, 'test'),
    coverage: createCoverage(),
    isPossible: (program) => isPossible(program, bounds),
    isKnown: () => false,
  });
}

const programs = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) => draw(seed));

describe('a drawn program', () => {
  it('is the same again from the same seed', () => {
    expect(draw(11)).toEqual(draw(11));
  });

  it('survives a file', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const file = parseProgramFile(renderProgramFile('a title', { programs: [program] }));
        expect(file).toEqual({
          ok: true,
          value: { kind: 'norn exploration', version: 1, finding: 'a title', programs: [program] },
        });
      }),
      { numRuns: 30 },
    );
  });

  it('keeps in a file what it shows, and how often it is repeated', () => {
    const replayed = { shows: 'lost', repeat: 16, programs: [draw(3)] } as const;
    const file = parseProgramFile(renderProgramFile('a title', replayed));
    expect(file.ok && file.value).toMatchObject(replayed);
  });

  it('publishes no more at once than the window, and no more to a stalled client than its buffer holds', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const plan = planProgram(program, BOUNDS);
        expect(plan.chunkEvents).toBeGreaterThanOrEqual(1);
        expect(plan.chunkEvents).toBeLessThanOrEqual(BOUNDS.windowEvents);
        expect(plan.batch).toBeLessThanOrEqual(BOUNDS.windowEvents);
        expect(plan.events).toBeGreaterThanOrEqual(1);
        if (plan.stall === 'below' || plan.reads === 'late')
          expect(plan.events).toBeLessThanOrEqual(BOUNDS.clientBufferMessages - SPARE_MESSAGES);
        expect(plan.clients * plan.events).toBeLessThanOrEqual(plan.clients <= 2 ? 120_000 : 40_000);
      }),
      { numRuns: 60 },
    );
  });

  it('has no client that stalls where the buffer or the machine does not allow it', () => {
    const bounds = { ...BOUNDS, clientBufferMessages: 8, hasSmallWindow: false };
    for (let seed = 0; seed < 60; seed++) {
      const { stall, reads } = planProgram(draw(seed, bounds), bounds);
      expect([stall, reads === 'late', reads === 'behind one']).toEqual(['none', false, false]);
    }
  });
});

describe('a file of programs', () => {
  it.each([
    ['{', 'not JSON'],
    ['{}', 'no file with kind'],
    ['{"kind":"norn exploration","version":2}', 'version 2'],
    ['{"kind":"norn exploration","version":1,"programs":[]}', 'at least one program'],
    [
      '{"kind":"norn exploration","version":1,"programs":[{"seed":1,"factors":{"colour":"red"}}]}',
      'no factor "colour"',
    ],
    [
      '{"kind":"norn exploration","version":1,"programs":[{"seed":1,"factors":{"stall":"often"}}]}',
      'stall: "often" is not one of none, below',
    ],
    [
      '{"kind":"norn exploration","version":1,"programs":[{"seed":1,"factors":{"clients":1e9}}]}',
      'clients: 1000000000 is not one of',
    ],
    [
      '{"kind":"norn exploration","version":1,"shows":"loss","programs":[{"seed":1,"factors":{}}]}',
      'there is no kind of finding "loss"',
    ],
    [
      '{"kind":"norn exploration","version":1,"repeat":0,"programs":[{"seed":1,"factors":{}}]}',
      'repeat: expected a whole number from 1 to 1000, got 0',
    ],
  ])('%s is refused', (text, problem) => {
    const file = parseProgramFile(text);
    expect(file.ok ? '' : file.problem).toContain(problem);
  });
});

describe('coverage', () => {
  it('counts each pair once, and promises what it adds', () => {
    fc.assert(
      fc.property(fc.array(programs, { maxLength: 6 }), (list) => {
        const coverage = createCoverage();
        let sum = 0;
        for (const program of list) {
          const gain = coverage.gain(program);
          coverage.add(program);
          sum += gain;
          expect(coverage.gain(program)).toBe(0);
        }
        expect(coverage.pairs.covered).toBe(sum);
        expect(coverage.pairs.covered).toBeLessThanOrEqual(coverage.pairs.total);
        const all = coverage.missingPairs(Number.POSITIVE_INFINITY).length;
        expect(all).toBe(coverage.pairs.total - coverage.pairs.covered);
      }),
      { numRuns: 8 },
    );
  });

  it('is complete when every pair of values was exercised', () => {
    const [first, second] = FACTORS.filter(({ classes }) => classes.length <= 4);
    if (first === undefined || second === undefined) throw new Error('expected two small factors');
    const coverage = createCoverage([first, second]);
    for (const one of first.classes)
      for (const other of second.classes) {
        const read = (name: string): string | number => (Number.isNaN(Number(name)) ? name : Number(name));
        coverage.add({ seed: 1, factors: { [first.name]: read(one), [second.name]: read(other) } });
      }
    expect(coverage.missingValues()).toEqual([]);
    expect(coverage.pairs).toEqual({
      covered: first.classes.length * second.classes.length,
      total: first.classes.length * second.classes.length,
    });
  });
});

describe('a search', () => {
  const sequence = (seed: number, length: number): readonly Program[] => {
    const random = createRandom(seed, 'explore');
    const coverage = createCoverage();
    return Array.from({ length }, (_, at) => {
      const program = drawProgram({
        random,
        coverage,
        isPossible: (one) => isPossible(one, BOUNDS),
        isKnown: () => false,
        isCostly: isCostlyTurn(at),
      });
      coverage.add(program);
      return program;
    });
  };

  it('crosses every threshold in clients, events, bytes and stalls within 150 programs, one of ten of which takes seconds', () => {
    for (const seed of [1, 2, 3]) {
      const programs = sequence(seed, 150);
      const has = (name: string, holds: (value: string | number) => boolean) =>
        programs.some(({ factors }) => factors[name] !== undefined && holds(factors[name]));
      expect(has('clients', (count) => Number(count) > 512)).toBe(true);
      expect(has('clients', (count) => Number(count) > 1_024)).toBe(true);
      expect(has('events', (count) => Number(count) > 600)).toBe(true);
      expect(has('bytes', (count) => Number(count) > 130_000)).toBe(true);
      expect(has('stall', (value) => value === 'above, sends')).toBe(true);
      expect(
        programs.some(({ factors: { stall, batch } }) => String(stall).startsWith('above') && batch === 32),
      ).toBe(true);
      const costly = programs.filter((program) =>
        FACTORS.some((factor) => factor.costly.includes(factor.classOf(factorValue(program, factor)))),
      );
      expect(costly.length).toBe(15);
    }
  });
});

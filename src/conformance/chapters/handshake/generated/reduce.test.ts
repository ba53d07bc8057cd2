// Failures of simulated hubs become findings that name only what matters.
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../explore/program/program.ts';
import { type ReduceParts, reduceFailures } from './reduce.ts';
import type { Problem, Tried } from './try-handshakes.ts';

const ACCEPTED: Problem = { kind: 'origin-accepted', got: '101', isWarning: false };
const REFUSED: Problem = { kind: 'handshake-refused', got: 'HTTP 400', isWarning: false };

const programOf = (factors: Record<string, string>): Program => ({ seed: 1, factors });

/** A hub with a problem for each handshake that the rule names. */
async function find(
  rule: (factors: Program['factors']) => Problem | undefined,
  programs: readonly Program[],
) {
  const parts: ReduceParts = {
    attempt: async ({ factors }) => rule(factors),
    attemptAmongOthers: async () => undefined,
    isOver: () => false,
  };
  const failures = programs.map((program): Tried => ({ program, problem: rule(program.factors) }));
  const { findings } = await reduceFailures(
    failures.filter(({ problem }) => problem !== undefined),
    parts,
  );
  return findings.map(({ program, problem }) => ({ ...program.factors, kind: problem.kind }));
}

describe('reducing', () => {
  it('keeps what a failure needs, with the plainest foreign origin', async () => {
    const found = await find(
      ({ cookies, authorization, origin }) => (cookies && authorization && origin ? ACCEPTED : undefined),
      [
        programOf({
          cookies: 'many',
          authorization: 'basic',
          origin: 'look-alike',
          names: 'upper',
          arrival: 'cut',
        }),
        programOf({ cookies: 'one', authorization: 'bearer', origin: 'null', order: 'shuffled' }),
      ],
    );
    expect(found).toEqual([
      { cookies: 'one', authorization: 'bearer', origin: 'unknown', kind: 'origin-accepted' },
    ]);
  });

  it('keeps two bugs apart', async () => {
    const found = await find(
      ({ proxy, spaces }) => (proxy === 'many-hops' || spaces === 'none' ? REFUSED : undefined),
      [
        programOf({ proxy: 'many-hops', cookies: 'one' }),
        programOf({ spaces: 'none', names: 'lower', more: 'many' }),
        programOf({ spaces: 'none', client: 'go' }),
      ],
    );
    expect(found).toEqual([
      { proxy: 'many-hops', kind: 'handshake-refused' },
      { spaces: 'none', kind: 'handshake-refused' },
    ]);
  });

  it('does not let a warning account for a failure', async () => {
    const found = await find(
      ({ lists }) =>
        lists === 'line each' ? { ...REFUSED, isWarning: true } : lists === 'tight' ? REFUSED : undefined,
      [programOf({ lists: 'line each' }), programOf({ lists: 'tight', client: 'curl', names: 'lower' })],
    );
    expect(found).toEqual([{ lists: 'tight', kind: 'handshake-refused' }]);
  });

  it('finds what fails only among others, and lists what does not happen again', async () => {
    const failure: Tried = { program: programOf({ client: 'go' }), problem: REFUSED };
    const reduce = (among: Problem | undefined) =>
      reduceFailures([failure], {
        attempt: async () => undefined,
        attemptAmongOthers: async () => among,
        isOver: () => false,
      });
    expect((await reduce(undefined)).findings).toEqual([]);
    expect((await reduce(undefined)).unconfirmed).toEqual([failure]);
    expect((await reduce(REFUSED)).findings).toEqual([
      { program: failure.program, problem: REFUSED, isAmongOthers: true },
    ]);
  });

  it('keeps the longer form where the shorter one fails only in a hurry', async () => {
    const program = programOf({ arrival: 'cut', cookies: 'one' });
    const { findings } = await reduceFailures([{ program, problem: REFUSED }], {
      attempt: async ({ factors }, isThorough) => (isThorough && !factors.cookies ? undefined : REFUSED),
      attemptAmongOthers: async () => undefined,
      isOver: () => false,
    });
    expect(findings.map((found) => found.program.factors)).toEqual([program.factors]);
  });
});

// Shrinking and naming, on failures that are functions of the program.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../oracle/violation.ts';
import type { Bounds } from '../program/plan.ts';
import type { Program } from '../program/program.ts';
import { condense } from './condense.ts';
import {
  contains,
  explains,
  type Finding,
  idOf,
  isSameBug,
  isSeenAgain,
  limitsOf,
  titleOf,
  unexplained,
} from './finding.ts';
import { shrinkPrograms } from './shrink.ts';

const program = (factors: Program['factors']): Program => ({ seed: 1, factors });
const violation: Violation = { kind: 'lost', who: 'client 1', got: 'gone', isTimed: false };

function finding(kind: Finding['kind'], ...programs: readonly Program[]): Finding {
  const found = { kind, programs, violation: { ...violation, kind }, also: [] };
  return { ...found, rounds: 1, reproduced: 'fresh', tries: 4, shown: 4, seen: 1 };
}

const shrink = async (programs: readonly Program[], fails: (programs: readonly Program[]) => boolean) =>
  (
    await shrinkPrograms(programs, {
      fails: async (candidate) => (fails(candidate) ? candidate : undefined),
      isOver: () => false,
    })
  ).at(-1);

describe('shrinking', () => {
  it('keeps only the factors without which the program does not fail', async () => {
    const start = program({
      client: 'chrome',
      proxy: 'via',
      clients: 40,
      sends: 'binary',
      stall: 'above',
      bytes: 126,
    });
    const small = await shrink(
      [start],
      ([one]) => one?.factors.proxy === 'via' && one.factors.sends === 'binary',
    );
    expect(small).toEqual([program({ proxy: 'via', sends: 'binary' })]);
  });

  it('finds the least number that fails', async () => {
    const small = await shrink(
      [program({ clients: 1_090, client: 'go' })],
      ([one]) => Number(one?.factors.clients ?? 1) >= 513,
    );
    expect(small).toEqual([program({ clients: 513 })]);
  });

  it('drops the programs before it that are not needed', async () => {
    const before = Array.from({ length: 13 }, (_, at) =>
      program(at === 5 ? { sends: 'binary', clients: 9 } : {}),
    );
    const small = await shrink(
      [...before, program({ content: 'deep', events: 20 })],
      (list) =>
        list.some(({ factors }) => factors.sends === 'binary') && list.at(-1)?.factors.content === 'deep',
    );
    expect(small).toEqual([program({ sends: 'binary' }), program({ content: 'deep' })]);
  });

  it('leaves out the programs after the one that fails', async () => {
    const list = [program({ sends: 'binary' }), program({ clients: 2 }), program({ clients: 3 })];
    const trail = await shrinkPrograms(list, {
      fails: async (candidate) => {
        const at = candidate.findIndex(({ factors }) => factors.sends === 'binary');
        return at === -1 ? undefined : candidate.slice(0, at + 1);
      },
      isOver: () => false,
    });
    expect(trail.at(-1)).toEqual([program({ sends: 'binary' })]);
  });

  it('ends with programs that fail, whichever of them fails in which step', async () => {
    const factors = fc.record(
      {
        sends: fc.constant('binary'),
        clients: fc.integer({ min: 2, max: 60 }),
        joins: fc.constant('in waves'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(factors.map(program), { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 8 })),
        async (list, luck) => {
          const failed: (readonly Program[])[] = [list];
          const trail = await shrinkPrograms(list, {
            async fails(candidate) {
              const length = luck.next().value as number;
              if (length === 0 || length > candidate.length) return undefined;
              failed.push(candidate.slice(0, length));
              return failed.at(-1);
            },
            isOver: () => failed.length > 200,
          });
          expect(trail).toEqual(failed);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds that a long past comes down to a number of events', async () => {
    const programs = Array.from({ length: 40 }, (_, at) => program({ events: 60 + at, client: 'go' }));
    const eventsOf = (list: readonly Program[]) =>
      list.reduce((sum, { factors }) => sum + Number(factors.events ?? 6), 0);
    const bounds = { mostClients: 800, silenceMillis: 0 } as Bounds;
    let tried = 0;
    const trail = await shrinkPrograms(programs, {
      fails: async (list) => (++tried > 0 && eventsOf(list) > 3_000 ? list : undefined),
      isOver: () => false,
      shortcuts: condense(programs, bounds),
    });
    expect(trail.at(-1)).toEqual([program({ events: 3_001 })]);
    expect(tried).toBeLessThan(60);
    expect(condense(programs, bounds)[1]).toEqual([program({ clients: 80 })]);
    expect(condense(programs.slice(0, 2), bounds)).toEqual([]);
  });

  it('ends with what it has when the time is over', async () => {
    const start = [program({ client: 'chrome' })];
    expect(await shrinkPrograms(start, { fails: async (list) => list, isOver: () => true })).toEqual([start]);
  });
});

describe('a finding', () => {
  it('is named by what differs from a program that passes', () => {
    const found = finding('lost', program({ proxy: 'x-forwarded-host', clients: 513 }));
    expect(titleOf(found)).toBe('events are missing: only with X-Forwarded-Host and 513 clients');
    expect(idOf(found)).toBe('lost.clients+proxy');
  });

  it('names what has to run before it', () => {
    const found = finding('lost', program({ sends: 'binary' }), program({}));
    expect(titleOf(found)).toBe('events are missing, after a client that sends a binary message');
    expect(titleOf(finding('lost', program({})))).toBe('events are missing');
    const earlier = [program({ sends: 'binary', clients: 2 }), program({}), program({ joins: 'come back' })];
    expect(titleOf(finding('lost', ...earlier, program({ events: 53 })))).toBe(
      'events are missing: only with 53 events, after 2 clients and a client that sends a binary message, then clients that leave and come back',
    );
  });

  it('says of a number whether others beyond it fail, too', () => {
    const found = finding('lost', program({ clients: 513, bytes: 126, events: 2, client: 'go' }));
    const failed = [
      program({ clients: 600, bytes: 126, events: 2 }),
      program({ clients: 513, events: 1, bytes: 9 }),
    ];
    const limits = limitsOf(found.programs[0] as Program, failed);
    expect(limits).toEqual(['clients', 'events']);
    expect(titleOf({ ...found, limits })).toBe(
      'events are missing: only with the headers of a Go client, at least 513 clients, at most 2 events and 126 bytes more in each event',
    );
    expect(idOf({ ...found })).toBe('lost.bytes+client+clients+events');
  });

  it('names how often it is repeated', () => {
    expect(titleOf({ ...finding('lost', program({ clients: 2 })), rounds: 16 })).toBe(
      'events are missing: only with 2 clients, repeated up to 16 times',
    );
  });

  it('accounts for programs that contain it, with at least its numbers', () => {
    const found = finding('lost', program({ clients: 100, stall: 'above' }));
    expect(contains(program({ clients: 200, stall: 'above', client: 'go' }), found)).toBe(true);
    expect(contains(program({ clients: 200, stall: 'above, sends' }), found)).toBe(false);
    expect(contains(program({ clients: 2, stall: 'above, sends' }), found, true)).toBe(true);
    expect(contains(program({ clients: 99, stall: 'above' }), found)).toBe(false);
    expect(contains(program({ clients: 200 }), found)).toBe(false);
  });

  it('accounts for other kinds only where it needs something unusual', () => {
    expect(explains(finding('lost', program({})), program({ clients: 5 }), ['late'])).toBe(false);
    expect(explains(finding('lost', program({})), program({ clients: 5 }), ['late', 'lost'])).toBe(true);
    expect(
      explains(finding('lost', program({ stall: 'above' })), program({ stall: 'above' }), ['late']),
    ).toBe(true);
  });

  it('does not hide a second bug behind what is always broken', () => {
    const always = { ...finding('stray-message', program({})), also: ['late: client 1: 3 s'] };
    const seen = (['stray-message', 'late', 'lost'] as const).map((kind) => ({ ...violation, kind }));
    expect(unexplained([always], program({ clients: 5 }), seen).map(({ kind }) => kind)).toEqual(['lost']);
    expect(unexplained([], program({}), seen)).toEqual(seen);
    const conditional = finding('stray-message', program({ clients: 5 }));
    expect(unexplained([conditional], program({ clients: 9, stall: 'above' }), seen)).toEqual([]);
  });

  it('is seen again where clients who stayed bring along what it needs', () => {
    const found = finding('lost', program({ offer: 'browser', content: 'random' }));
    const stayed = program({ offer: 'bare', afterwards: 'stay' });
    expect(isSeenAgain(found, 'lost', [stayed, program({ content: 'wide' })])).toBe(true);
    expect(isSeenAgain(found, 'late', [stayed, program({ content: 'wide' })])).toBe(false);
    expect(isSeenAgain(found, 'lost', [stayed, program({ bytes: 9 })])).toBe(false);
    const left = program({ offer: 'bare' });
    expect(isSeenAgain(found, 'lost', [left, program({ content: 'wide' })])).toBe(false);
    const content = program({ content: 'random', afterwards: 'stay' });
    expect(isSeenAgain(found, 'lost', [content, program({ offer: 'bare' })])).toBe(false);
    expect(isSeenAgain(finding('lost', program({})), 'lost', [program({})])).toBe(false);
  });

  it('is the same bug as another of its kind with a factor in common', () => {
    const found = finding('changed', program({ content: 'deep' }));
    expect(isSameBug(found, finding('changed', program({ content: 'wide', bytes: 9 })))).toBe(true);
    expect(isSameBug(found, finding('changed', program({ bytes: 9 })))).toBe(false);
    expect(isSameBug(found, finding('lost', program({ content: 'deep' })))).toBe(false);
  });
});

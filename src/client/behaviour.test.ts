// The behaviour language: what people write, and what they are told when it is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Behaviour, parseBehaviour, renderBehaviour } from './behaviour.ts';
import { parseCohort } from './cohort.ts';

const count = fc.nat(1_000_000);
const positive = fc.integer({ min: 1, max: 1_000_000 });
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constantFrom<Behaviour>({ kind: 'fast' }, { kind: 'never-pong' }, { kind: 'half-open' }),
  fc.record({ kind: fc.constant('stall' as const), afterMessages: count }),
  fc.record({ kind: fc.constant('vanish' as const), afterMessages: count }),
  fc.record({ kind: fc.constant('trickle' as const), bytesPerSecond: positive }),
  fc.record({ kind: fc.constant('lag' as const), waitMillis: positive }),
  fc.record({ kind: fc.constant('flap' as const), readMillis: positive, pauseMillis: positive }),
);

describe('parseBehaviour', () => {
  it('reads back what it renders', () => {
    fc.assert(
      fc.property(behaviour, (value) => {
        expect(parseBehaviour(renderBehaviour(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each([
    ['stall', { kind: 'stall', afterMessages: 0 }],
    ['stall(100)', { kind: 'stall', afterMessages: 100 }],
    ['trickle(1KiB/s)', { kind: 'trickle', bytesPerSecond: 1_024 }],
    [' flap( pause = 5s, read = 2s ) ', { kind: 'flap', readMillis: 2_000, pauseMillis: 5_000 }],
    ['lag(50ms)', { kind: 'lag', waitMillis: 50 }],
  ])('reads %s', (text, value) => {
    expect(parseBehaviour(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['stal(after=3)', 'did you mean stall?'],
    ['dance', 'there are fast, stall'],
    ['trickle', 'trickle needs rate, as in trickle(rate=1KiB/s)'],
    ['trickle(fast)', 'not a byte rate'],
    ['stall(for=3s)', 'stall takes no "for"; it takes after'],
    ['stall(1,2)', 'stall takes no "2"'],
    ['stall(after=1,after=2)', 'given twice'],
    ['lag(0)', 'at least 1ms'],
    ['stall(', 'not a behaviour'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(parseBehaviour(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('parseCohort', () => {
  it.each([
    ['fast=2000', { name: 'fast', clients: 2_000, behaviour: { kind: 'fast' } }],
    ['dashboards=20', { name: 'dashboards', clients: 20, behaviour: { kind: 'fast' } }],
    [
      'stalled=50:stall(after=100)',
      { name: 'stalled', clients: 50, behaviour: { kind: 'stall', afterMessages: 100 } },
    ],
    ['half-open=3', { name: 'half-open', clients: 3, behaviour: { kind: 'half-open' } }],
  ])('reads %s', (text, value) => {
    expect(parseCohort(text)).toEqual({ ok: true, value });
  });

  it.each(['', 'x', 'x=', 'x=0', 'x=-1', 'x=1:', 'x=9999999', 'a b=1', 'x=1:stal'])(
    'refuses "%s"',
    (text) => {
      expect(parseCohort(text)).toMatchObject({ ok: false });
    },
  );
});

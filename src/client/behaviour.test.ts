// The behaviour language: what people write, and the error for what is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Behaviour,
  mustBeEvicted,
  mustBeKept,
  type Reading,
  renderBehaviour,
  type Step,
} from './behaviour.ts';
import { parseBehaviour } from './behaviour-language.ts';
import { parseCohort } from './cohort.ts';

const count = fc.nat(1_000_000);
const positive = fc.integer({ min: 1, max: 1_000_000 });
const reading: fc.Arbitrary<Reading> = fc.oneof(
  fc.constantFrom<Reading>({ kind: 'fast' }, { kind: 'never-pong' }, { kind: 'half-open' }),
  fc.record({ kind: fc.constant('stall' as const), afterMessages: count }),
  fc.record({ kind: fc.constant('trickle' as const), bytesPerSecond: positive }),
  fc.record({ kind: fc.constant('lag' as const), waitMillis: positive }),
  fc.record({ kind: fc.constant('flap' as const), readMillis: positive, pauseMillis: positive }),
  fc.record({ kind: fc.constant('churn' as const), everyMillis: positive }),
);
const vanish: fc.Arbitrary<Reading> = fc.record({
  kind: fc.constant('vanish' as const),
  afterMessages: count,
});
const step: fc.Arbitrary<Step> = fc.record({ reading, forMillis: positive });
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  reading,
  vanish,
  fc
    .tuple(fc.array(step, { minLength: 1, maxLength: 4 }), fc.oneof(reading, vanish))
    .map(([steps, last]): Behaviour => ({ kind: 'sequence', steps: [...steps, { reading: last }] })),
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
    ['slow-handshake(10s)', { kind: 'slow-handshake', overMillis: 10_000 }],
    ['churn(every=1s)', { kind: 'churn', everyMillis: 1_000 }],
    [
      'fast(until=10) then stall(for=3s) then fast',
      {
        kind: 'sequence',
        steps: [
          { reading: { kind: 'fast' }, untilMessages: 10 },
          { reading: { kind: 'stall', afterMessages: 0 }, forMillis: 3_000 },
          { reading: { kind: 'fast' } },
        ],
      },
    ],
    [
      'slow-handshake(1s)  then  trickle(64B/s)',
      {
        kind: 'sequence',
        steps: [
          { reading: { kind: 'slow-handshake', overMillis: 1_000 } },
          { reading: { kind: 'trickle', bytesPerSecond: 64 } },
        ],
      },
    ],
  ])('reads %s', (text, value) => {
    expect(parseBehaviour(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['stal(after=3)', 'did you mean stall?'],
    ['dance', 'there are fast, stall'],
    ['trickle', 'trickle needs rate, as in trickle(rate=1KiB/s)'],
    ['trickle(fast)', 'not a byte rate'],
    ['stall(when=3s)', 'stall takes no "when"; it takes after, for, until'],
    ['stall(1,2)', 'stall takes no "2"'],
    ['stall(after=1,after=2)', 'given twice'],
    ['lag(0)', 'at least 1ms'],
    ['stall(', 'not a behavior'],
    ['fast then stall', 'say when it ends'],
    ['fast(for=2s)', 'the last step has no end'],
    ['fast(for=2s) then slow-handshake(1s)', 'a handshake comes first'],
    ['vanish(for=2s) then fast', 'no step can follow it'],
    ['stall(until=5) then fast', 'counts no messages'],
    ['fast(for=2s) then stal', 'did you mean stall?'],
    ['lag', 'lag needs wait, as in lag(wait=50ms)'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(parseBehaviour(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('what a correct hub does to a behaviour', () => {
  it.each([
    ['fast', 'kept'],
    ['lag(5ms)', 'kept'],
    ['fast(for=1s) then lag(5ms)', 'kept'],
    ['stall(after=3)', 'evicted'],
    ['fast(for=1s) then half-open', 'evicted'],
    ['stall(for=1s) then fast', 'either'],
    ['trickle(1KiB/s)', 'either'],
    ['churn(1s)', 'either'],
  ])('%s: %s', (text, fate) => {
    const parsed = parseBehaviour(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    const either = mustBeEvicted(parsed.value) ? 'evicted' : 'either';
    expect(mustBeKept(parsed.value) ? 'kept' : either).toBe(fate);
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

// Shipped scenarios are right; bad files give one error with file, line and rule; timelines repeat.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { SagaOrder } from '../ledger/saga-order.ts';
import { validateEnvelope } from '../protocol/envelope-validation.ts';
import { listShippedScenarios, loadScenario } from './library.ts';
import { runTimeline, type ScheduledEvent } from './timeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(name: string) {
  const scenario = loadScenario(name);
  if (!scenario.ok) throw new Error(scenario.problem);
  return scenario.value;
}

function take(events: Generator<ScheduledEvent, never>, count: number): ScheduledEvent[] {
  return Array.from({ length: count }, () => events.next().value);
}

describe.each(listShippedScenarios())('the shipped scenario %s', (name) => {
  const events = take(runTimeline([load(name)], { seed: 7 }), 1_500);

  it('emits documented envelopes with string values only', () => {
    for (const { envelope } of events)
      expect(validateEnvelope(envelope)).toMatchObject({ ok: true, isDocumented: true, nonStringFields: [] });
  });

  it('keeps the order of time and of each saga', () => {
    const order = new SagaOrder();
    let before = 0;
    for (const { atMillis, envelope } of events) {
      expect(atMillis).toBeGreaterThanOrEqual(before);
      before = atMillis;
      expect(order.judge(envelope, true)).toBeUndefined();
    }
  });
});

describe('runTimeline', () => {
  it('gives the same stream for the same seed, and another for another', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const stream = (value: number) => take(runTimeline([load('release-day')], { seed: value }), 200);
        expect(stream(seed)).toEqual(stream(seed));
        expect(stream(seed)).not.toEqual(stream(seed + 1));
      }),
      { numRuns: 20 },
    );
  });

  it('runs release-day at ten times the speed with 20 to 40 events per second', () => {
    const events = take(runTimeline([load('release-day')], { seed: 1, speed: 10 }), 2_000);
    const perSecond = 2_000 / ((events.at(-1)?.atMillis ?? 0) / 1_000);
    expect(perSecond).toBeGreaterThan(20);
    expect(perSecond).toBeLessThan(60);
  });
});

describe('a bad file', () => {
  const head = 'name: x\ndescription: y\nevery: 1s\n';
  it.each([
    ['an unknown field', `${head}stpes: []\n`, ':4:8: unknown field "stpes"; did you mean "steps"?'],
    ['a bad duration', `${head}steps:\n  - pause: soon\n`, ':5:12: "pause" must match pattern'],
    ['a backward range', `${head}steps:\n  - pause: 3s..1s\n`, ':5:5: the range 3s..1s runs backwards'],
    ['a step without its time', `${head}steps:\n  - step: build\n`, ':5:5:'],
    ['bad YAML', `${head}steps: [\n`, ':5:1:'],
    [
      'an unknown status',
      `${head}steps:\n  - { step: a, takes: 1s, ends: done }\n`,
      '"ends" must be one of complete, failed',
    ],
    [
      'an unknown include',
      'name: x\ndescription: y\nstarts:\n  - { scenario: deploy-sucess, every: 1s }\n',
      ':4:17: no scenario "deploy-sucess"; did you mean deploy-success?',
    ],
  ])('with %s gives one error with file and line', (_title, text, problem) => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(path, text);
    const loaded = loadScenario(path);
    expect(loaded.ok ? '' : loaded.problem).toContain(problem);
    expect(loaded.ok ? '' : loaded.problem).toContain(path);
    expect(loaded.ok ? '' : loaded.problem).not.toContain('\n');
  });

  it('that includes itself is refused', () => {
    const path = join(folder, 'loop.yaml');
    writeFileSync(path, 'name: x\ndescription: y\nstarts:\n  - { scenario: ./loop.yaml, every: 1s }\n');
    expect(loadScenario(path)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('include each other'),
    });
  });

  it('by an unknown name lists what there is', () => {
    expect(loadScenario('zzz')).toMatchObject({ ok: false, problem: expect.stringContaining('release-day') });
  });
});

// Shipped scenarios are right; bad files give one error with file, line and rule; timelines repeat.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { validateEnvelope } from '../protocol/envelope-validation.ts';
import { listShippedScenarios, loadScenario } from './load-scenario.ts';
import { PlanOrder } from './plan-order.ts';
import { runTimeline, type ScheduledEvent } from './timeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(name: string) {
  const scenario = loadScenario(name);
  if (!scenario.ok) throw new Error(scenario.problem);
  return scenario.value;
}

function spanOf(millis: number) {
  return { leastMillis: millis, mostMillis: millis };
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
    const order = new PlanOrder();
    let before = 0;
    for (const { atMillis, envelope } of events) {
      expect(atMillis).toBeGreaterThanOrEqual(before);
      before = atMillis;
      expect(order.judge(envelope)).toBeUndefined();
    }
  });
});

it('reads every example of docs/scenarios.md', () => {
  const text = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');
  const examples = [...text.matchAll(/```yaml\n(name: (\S+)\n[\s\S]*?)```/g)];
  for (const [, yaml = '', name] of examples) writeFileSync(join(folder, `${name}.yaml`), yaml);
  expect(examples.map(([, , name = '']) => load(join(folder, `${name}.yaml`)).name)).toEqual([
    'canary',
    'busy-evening',
  ]);
});

describe('the faults of a scenario', () => {
  it('are its own and those of what it starts, each once', () => {
    const write = (name: string, rest: string) =>
      writeFileSync(join(folder, `${name}.yaml`), `name: ${name}\ndescription: x\n${rest}`);
    write(
      'inner',
      'faults: [restart at=1s, drop at=2s]\nevery: 1s\nsteps: [{ pause: 1s }, { emit: x, payload: {} }]\n',
    );
    write(
      'outer',
      'faults: [kill at=3s, drop at=2s]\nstarts: [{ scenario: ./inner.yaml, every: 1s }, { scenario: ./inner.yaml, every: 2s }]\n',
    );
    expect(load(join(folder, 'outer.yaml')).faults).toEqual(['kill at=3s', 'drop at=2s', 'restart at=1s']);
    expect(load('release-day').faults).toBeUndefined();
    expect(load('bad-night').faults).toHaveLength(3);
  });
});

describe('runTimeline', () => {
  it('gives the same stream for the same seed and another stream for another seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const stream = (value: number) => take(runTimeline([load('release-day')], { seed: value }), 200);
        expect(stream(seed)).toEqual(stream(seed));
        expect(stream(seed)).not.toEqual(stream(seed + 1));
      }),
      { numRuns: 20 },
    );
  });

  it.each([1, 2, 3])(
    'runs release-day at ten times the speed with about 45 events per second (seed %i)',
    (seed) => {
      const events = take(runTimeline([load('release-day')], { seed, speed: 10 }), 4_000);
      const perSecond = 4_000 / ((events.at(-1)?.atMillis ?? 0) / 1_000);
      expect(perSecond).toBeGreaterThan(38);
      expect(perSecond).toBeLessThan(52);
    },
  );

  it('keeps the order of time with thousands of sagas at once', () => {
    const [plan] = load('deploy-success').sagas;
    if (!plan) throw new Error('deploy-success has no saga');
    const busyScenario = { ...load('deploy-success'), sagas: [{ ...plan, every: spanOf(10) }] };
    const events = take(runTimeline([busyScenario], { seed: 1 }), 60_000);
    const open = new Set(events.slice(-20_000).map(({ envelope }) => envelope.payload.sagaId));
    expect(open.size).toBeGreaterThan(1_000);
    expect(events.every(({ atMillis }, at) => at === 0 || atMillis >= (events[at - 1]?.atMillis ?? 0))).toBe(
      true,
    );
  });

  it('counts a pause at the end of a repetition, at any depth', () => {
    const path = join(folder, 'pauses.yaml');
    const steps = [
      '  - repeat: 2',
      '    do:',
      '      - repeat: 3',
      '        do:',
      '          - { emit: x, payload: { at: "{n} of {of}" } }',
      '          - pause: 1s',
      '      - pause: 10s',
      '      - pause: 20s',
    ].join('\n');
    writeFileSync(path, `name: x\ndescription: y\nevery: 1h\nsteps:\n${steps}\n`);
    const events = take(runTimeline([load(path)], { seed: 1 }), 7);
    expect(events.map(({ atMillis }) => atMillis / 1_000)).toEqual([0, 1, 2, 33, 34, 35, 3_600]);
    expect(events.map(({ envelope }) => envelope.payload.at).slice(0, 4)).toEqual([
      '1 of 3',
      '2 of 3',
      '3 of 3',
      '1 of 3',
    ]);
  });

  it('pads an event to the given size', () => {
    const path = join(folder, 'heavy.yaml');
    const steps = '  - { emit: x, payload: { a: b }, pad: 4KiB }\n';
    writeFileSync(path, `name: x\ndescription: y\nevery: 1s\nsteps:\n${steps}`);
    const [event] = take(runTimeline([load(path)], { seed: 1 }), 1);
    expect(event?.envelope.payload).toEqual({ a: 'b', padding: 'x'.repeat(4_096) });
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
      'steps that emit nothing',
      `${head}steps:\n  - pause: 1s\n`,
      ':5:3: the steps emit no event: add a step or an emit',
    ],
    [
      'an event without its documented fields',
      `${head}steps:\n  - emit: deploy.failed\n    payload: { sagaId: "{saga}" }\n`,
      ':6:14: payload.error is missing (deploy.failed needs sagaId, error)',
    ],
    [
      'a mistyped word in braces',
      `${head}steps:\n  - { emit: app.restarted, payload: { sagaId: "{sga}" } }\n`,
      ':5:37: unknown placeholder {sga}; did you mean {saga}?',
    ],
    [
      'a count where nothing repeats',
      `${head}steps:\n  - { emit: x, payload: { of: "{n}" } }\n`,
      '{n} counts repetitions',
    ],
    [
      'something after the end of its saga',
      `${head}steps:\n  - { emit: app.restarted, payload: { sagaId: "{saga}" } }\n  - { step: build, takes: 1s }\n`,
      ':5:3: the scenario violates the order of the protocol: deploy.step of saga x-1-0-1 after its app.restarted',
    ],
    [
      'one id for all sagas',
      `${head}steps:\n  - { emit: app.restarted, payload: { sagaId: fixed } }\n`,
      'give every saga its own id with {saga}',
    ],
    [
      'a pad beyond any limit',
      `${head}steps:\n  - { emit: x, payload: {}, pad: 999999MiB }\n`,
      ':5:34: the pad of 999999MiB is larger than 8MiB',
    ],
    ['an alias without an anchor', `${head}steps: *none\n`, ':4:8: Unresolved alias'],
    [
      'an alias inside itself',
      `${head}steps: &all\n  - { repeat: 2, do: *all }\n`,
      ':5:22: the alias stands inside what it stands for',
    ],
    [
      'aliases of aliases',
      `a: &a [x${', x'.repeat(9)}]\nb: &b [*a${', *a'.repeat(9)}]\nc: [*b${', *b'.repeat(9)}]\n`,
      ':2:8: aliases multiply the file too often',
    ],
    ['no fields', 'just text\n', ':1:1: the file must be fields'],
    ['nothing in it', '', ':1:1: the file must be fields'],
    [
      'two kinds of step in one',
      `${head}steps:\n  - { pause: 1s, emit: x, payload: {} }\n`,
      ':5:5: a step is one of pause, step with takes, emit with payload, repeat with do',
    ],
    ['neither steps nor starts', head, ':1:1: a scenario has either steps and every, or starts'],
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

  it('with an unknown name lists the known names', () => {
    expect(loadScenario('zzz')).toMatchObject({ ok: false, problem: expect.stringContaining('release-day') });
  });
});

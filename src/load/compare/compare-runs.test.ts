// Whole comparisons of simulated runs: the same hub says same, a slower one says worse, and what spoils a comparison is
// said; the result matches its schema.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { buildLoadtestResult, type SimulatedRun } from '../../testing/builders/loadtest-result-builder.ts';
import { readLoadtest } from '../result/read-loadtest.ts';
import type { LoadtestResult } from '../result/result.ts';
import { compareRuns } from './compare-runs.ts';

const SETTINGS = { confidence: 0.99, relevantShare: 0.05, seed: 1 };
const compareResults = (a: LoadtestResult, b: LoadtestResult) =>
  compareRuns({ label: 'A', result: a }, { label: 'B', result: b }, SETTINGS, '1.0.0');
const compare = (a: SimulatedRun, b: SimulatedRun) =>
  compareResults(buildLoadtestResult(a), buildLoadtestResult(b));
type Compared = ReturnType<typeof compare>;
const metric = ({ metrics }: Compared, name: string) => metrics.find((one) => one.name === name);

const schema = JSON.parse(
  readFileSync(new URL('../schemas/compare.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false });
const validateCompare = ajv.compile(schema);

describe('compareRuns', () => {
  it('says "same" of a hub and itself in at least 95 of 100 judgements', { timeout: 60_000 }, () => {
    const verdicts = Array.from({ length: 12 }, (_, i) =>
      compare({ seed: 2 * i }, { seed: 2 * i + 1 }),
    ).flatMap(({ metrics }) =>
      metrics.filter(({ estimate }) => estimate !== null).map(({ verdict }) => verdict),
    );
    expect(verdicts.length).toBeGreaterThanOrEqual(12 * 5);
    expect(verdicts.filter((verdict) => verdict === 'same').length / verdicts.length).toBeGreaterThanOrEqual(
      0.95,
    );
  });

  it('says "worse" of a hub that is half as fast, with the ratio in the interval, and matches its schema', () => {
    const result = compare({ seed: 1 }, { seed: 2, medianMicros: 2_000 });
    expect(result.verdict).toBe('worse');
    for (const percentile of ['p50', 'p90', 'p99']) {
      const found = metric(result, `latency{cohort=fast}.${percentile}`);
      expect(found).toMatchObject({ verdict: 'worse', wanted: 'lower' });
      expect(found?.estimate?.low).toBeLessThan(2);
      expect(found?.estimate?.high).toBeGreaterThan(2);
    }
    expect(metric(result, 'deliveries.rate')?.verdict).toBe('same');
    expect([validateCompare(result), validateCompare.errors]).toEqual([true, null]);
  });

  it('says "better" the other way round', () => {
    expect(compare({ seed: 2, medianMicros: 2_000 }, { seed: 1 }).verdict).toBe('better');
  });

  it('says that one lost delivery more than none is worse', () => {
    const result = compare({ seed: 1 }, { seed: 1, lost: 1 });
    expect([result.verdict, metric(result, 'lost')?.verdict]).toEqual(['worse', 'worse']);
  });

  it('does not blame the hub when the machine was slow for the driver as well', () => {
    const noisy = compare({ seed: 1 }, { seed: 2, medianMicros: 2_000, ownDelayMicros: 1_500 });
    expect(noisy.verdict).not.toBe('worse');
    expect(metric(noisy, 'latency{cohort=fast}.p90')).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('the machine was busier in B'),
    });
  });

  it('blames it when it also took more CPU, which slows the driver', () => {
    const b = { seed: 2, medianMicros: 2_000, ownDelayMicros: 1_500, hubCpuSeconds: 2 };
    expect(compare({ seed: 1 }, b).verdict).toBe('worse');
  });

  it('judges no time where the driver was the limit, or where there are too few seconds or events', () => {
    const limited = compare({ seed: 1 }, { seed: 2, isLimited: true });
    expect(metric(limited, 'latency{cohort=fast}.p99')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the load generator was the limit in B',
    });
    expect(metric(limited, 'lost')?.verdict).toBe('inconclusive');
    expect(metric(limited, 'duplicated')?.verdict).toBe('same');
    const short = compare({ seed: 1, seconds: 5 }, { seed: 2, seconds: 5, eventsPerSecond: 10 });
    expect(metric(short, 'deliveries.rate')?.reason).toBe('needs 8 whole seconds, there were 3');
    expect(metric(short, 'latency{cohort=fast}.p99')?.reason).toBe('needs 300 events, there were 50');
    expect(short.notes).toContain('events differ: A 100/s, B 10/s');
  });

  it('judges no rate of deliveries where the plans ask for another', () => {
    const other = compare({ seed: 1 }, { seed: 2, eventsPerSecond: 50 });
    expect(metric(other, 'deliveries.rate')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'another plan: not as much was to be delivered in A and B',
    });
    expect(metric(compare({ seed: 1 }, { seed: 2 }), 'deliveries.rate')?.verdict).toBe('same');
  });
});

describe('readLoadtest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('reads what a run wrote', () => {
    const result = buildLoadtestResult({ seed: 1 });
    const file = readLoadtest(write('good.json', JSON.stringify(result)));
    expect(file.ok && file.value).toEqual(JSON.parse(JSON.stringify(result)));
  });

  it.each([
    ['none.json', undefined, 'no such file'],
    ['text.json', 'PK', 'not JSON'],
    ['other.json', '{"name":"x"}', 'it has no schemaVersion'],
    ['old.json', '{"schemaVersion":0}', 'schema version 0; this program reads version 2'],
    ['half.json', '{"schemaVersion":1}', "the file must have required property 'kit'"],
    [
      'part.json',
      JSON.stringify({ ...buildLoadtestResult({ seed: 1 }), seed: 'x' }),
      '/seed must be integer',
    ],
  ])('says what is wrong with %s', (name, text, problem) => {
    const path = text === undefined ? join(folder, name) : write(name, text);
    const file = readLoadtest(path);
    expect(file.ok ? '' : file.problem).toContain(problem);
    expect(file.ok ? '' : file.problem).toContain(name);
  });
});

// No report on a load test has a number that loadtest.json has not: every number a reader sees is one of the JSON in some
// unit, or follows from numbers in it by the few sums that are listed here.
import { describe, expect, it } from 'vitest';
import type { LoadtestResult } from '../../load/result/result.ts';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import { renderDurationMillis, renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { percentileMicros } from './charts/spectrum.ts';
import { LOADTEST_FORMS } from './reporters.ts';

/** As it is rendered in any unit that the reports have. */
const RENDERINGS: readonly ((value: number) => string)[] = [
  String,
  renderCount,
  renderMicros,
  renderDurationMillis,
  renderBytes,
  (value) => value.toFixed(1),
  (value) => value.toFixed(2),
  (value) => `${Math.round(value * 100)} %`,
  (seconds) => String(seconds / 1e3),
  (seconds) => (seconds / 1e3).toFixed(3),
];

const numbersIn = (text: string) => text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? [];

function numbersOf(result: LoadtestResult): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'number')
      for (const render of RENDERINGS) for (const one of numbersIn(render(value))) found.add(one);
    if (typeof value === 'string') for (const one of numbersIn(value)) found.add(one);
    if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) walk(one);
  };
  walk({ ...result, cohorts: result.cohorts.map(({ histogram, ...facts }) => facts) });
  walk(derivedFrom(result));
  return found;
}

function derivedFrom(result: LoadtestResult): unknown {
  const { cohorts, evictions, origin, thresholds, findings, startedAt, faults = [] } = result;
  const sum = (read: (cohort: LoadtestResult['cohorts'][number]) => number) =>
    cohorts.reduce((total, cohort) => total + read(cohort), 0);
  return [
    startedAt.replace(/\.\d+Z/, ''),
    sum(({ evicted }) => evicted),
    sum(({ connected }) => connected),
    cohorts.flatMap(({ histogram }) =>
      [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999].map((fraction) => percentileMicros(histogram, fraction)),
    ),
    evictions.map(({ endedAtMillis, stalledAtMillis }) => (endedAtMillis ?? 0) - (stalledAtMillis ?? 0)),
    [evictions.length, origin.length, origin.filter(({ ok }) => ok).length],
    [findings.length, thresholds.filter(({ ok }) => !ok).length],
    faults.map(({ atMillis, endedAtMillis }) => (endedAtMillis ?? 0) - atMillis),
    faults.length - 20,
  ];
}

/** What is to be read, without what is drawn and without the names of percentiles. */
function wordsOf(name: keyof typeof LOADTEST_FORMS, text: string): string {
  const seen = name === 'html' ? text.replaceAll(/<(script|style)\b.*?<\/\1>|<[^>]+>/gs, ' ') : text;
  return seen
    .replaceAll(/&[#\w]+;/g, ' ')
    .replaceAll(/\bp\d+(\.\d+)?\b/g, ' ')
    .replaceAll(/worker \d+|needs? 3 s of each|up to 30 seconds|within 1\.5 x|most in 1 s/g, ' ')
    .replaceAll(/faults\.\d+\./g, ' ');
}

describe.each([
  ['a run that held', {}, {}],
  ['a run with a fault', { faults: 1 }, {}],
  [
    'a run with many faults that failed, and clients that were away',
    { faults: 25 },
    {
      verdict: 'failed',
      ledger: {
        published: 1_234,
        expected: 7_654_321,
        received: 7_600_000,
        evictedTail: 50_001,
        leftTail: 3_001,
        missedAway: 777,
        lateJoin: 223,
        replayed: 0,
        lost: 319,
        foreign: 0,
        balanced: true,
        imbalances: [],
      },
    },
  ],
  [
    'a run that failed, with odd numbers',
    {},
    {
      verdict: 'failed',
      throughput: { publishedPerSecond: 41.7, deliveriesPerSecond: 98_765.4 },
      ledger: {
        published: 1_234,
        expected: 7_654_321,
        received: 7_600_000,
        evictedTail: 50_001,
        leftTail: 4_001,
        lost: 319,
        foreign: 0,
        balanced: true,
        imbalances: [],
      },
      findings: [{ name: 'lost', severity: 'error', cohort: 'fast', message: '319 deliveries were lost' }],
    },
  ],
] as const)('%s', (_, run, change) => {
  const result = buildShownResult(
    { seconds: 30, evictions: 20, stalledCohorts: 2, ...run },
    change as unknown as Partial<LoadtestResult>,
  );
  const known = numbersOf(JSON.parse(JSON.stringify(result)) as LoadtestResult);

  it.each(['terminal', 'markdown', 'html', 'junit', 'github', 'badge'] as const)(
    'has in %s only numbers of the JSON',
    (name) => {
      const shown = numbersIn(wordsOf(name, LOADTEST_FORMS[name].render(result)));
      if (name !== 'badge' && name !== 'github') expect(shown.length).toBeGreaterThan(20);
      expect(shown.filter((number) => !known.has(number))).toEqual([]);
    },
  );
});

// Thresholds: read before anything starts, with a word on what is wrong; judged by what was measured.
import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../plan/thresholds/parse-threshold.ts';
import type { LoadtestResult } from '../result.ts';
import { judgeThreshold, judgeThresholds } from './judge-threshold.ts';

const COHORTS = ['fast', 'stall'];
const LATENCY = { count: 10, p50: 1_000, p90: 2_000, p99: 49_000, p999: 60_000, max: 70_000, mean: 1_500 };
const cohort = (name: string, evicted: number) => ({
  name,
  clients: 5,
  connected: 4,
  failures: [
    { cause: '401', count: 2, sample: 'no token' },
    { cause: 'reset', count: 1, sample: 'reset' },
  ],
  received: 40,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  evicted,
  latencyMicros: LATENCY,
});
const RESULT = {
  cohorts: [cohort('fast', 0), cohort('stall', 4)],
  isolation: { ratio: 1.2 },
  lateness: { ...LATENCY, count: 0 },
  throughput: { deliveriesPerSecond: 5_000, publishedPerSecond: 10 },
  generator: { limited: false },
  http: [{ path: '/healthz', errors: 0, unexpectedStatuses: 1, requestsPerSecond: 900, p99Millis: 3 }],
} as unknown as LoadtestResult;

function parse(expr: string) {
  const threshold = parseThreshold(expr, { cohorts: COHORTS, hubs: [undefined] });
  if (!threshold.ok) throw new Error(threshold.problem);
  return threshold.value;
}

it.each([
  ['connected>=20', 'more may have connected'],
  ['deliveries>9000/s', 'more may have been delivered'],
  ['latency{cohort=gone}.p99<9s', 'nothing was measured'],
])('%s is not decided by clients of which no account came, as %s', (expr) => {
  const gone = {
    ...cohort('gone', 0),
    connected: 0,
    unaccountedClients: 5,
    latencyMicros: { ...LATENCY, count: 0 },
  };
  const result = { ...RESULT, cohorts: [...RESULT.cohorts, gone] } as unknown as LoadtestResult;
  const threshold = parseThreshold(expr, { cohorts: [...COHORTS, 'gone'], hubs: [undefined] });
  if (!threshold.ok) throw new Error(threshold.problem);
  expect(judgeThreshold(threshold.value, result)).toMatchObject({ ok: false, isDecided: false });
});

it('a breach by clients that did account for themselves is decided, whoever else did not', () => {
  const gone = { ...cohort('gone', 0), unaccountedClients: 5 };
  const result = { ...RESULT, cohorts: [...RESULT.cohorts, gone] } as unknown as LoadtestResult;
  for (const expr of ['evicted{cohort=stall}<4', 'latency{cohort=fast}.p99<49ms'])
    expect(judge(expr, result)).toMatchObject({ ok: false, isDecided: true });
});

function judge(expr: string, result = RESULT) {
  return judgeThreshold(parse(expr), result);
}

describe('thresholds in time', () => {
  const parse = (expr: string) =>
    parseThreshold(expr, {
      cohorts: COHORTS,
      hubs: ['ws://a', 'ws://b'],
      phases: ['baseline', 'slow clients'],
    });

  it.each([
    ['latency{cohort=fast}[10s].p99<50ms', { windowMillis: 10_000, phase: undefined, field: 'p99' }],
    [
      'latency{cohort=fast, phase=slow-clients}[ 2m ].max <1s',
      { windowMillis: 120_000, phase: 'slow clients' },
    ],
    [
      'latency{phase=baseline,cohort=fast}.p99<50ms',
      { phase: 'baseline', labelKey: 'cohort', label: 'fast' },
    ],
    ['deliveries{phase=baseline}>5/s', { phase: 'baseline', field: 'rate', labelKey: undefined }],
    ['published[1h].rate>5', { windowMillis: 3_600_000 }],
    ['lateness[1s].p99<5ms', { windowMillis: 1_000 }],
  ])('reads %s', (expr, threshold) => {
    expect(parse(expr)).toMatchObject({ ok: true, value: { expr, ...threshold } });
  });

  it.each([
    [
      'lost[10s]==0',
      'lost is known for the whole run only: {phase=...} and [10s] are for latency, lateness,',
    ],
    ['isolation{phase=baseline}<2', 'isolation is known for the whole run only'],
    ['latency{target=1}[10s].p99<1s', 'latency is known second by second for a cohort, not for a target'],
    [
      'latency{cohort=fast,phase=drain}.p99<1s',
      'no measured phase "drain"; this plan has baseline, slow-clients',
    ],
    ['latency{phase=baseline}.p99<1s', 'latency needs {cohort=…}'],
    [
      'latency{cohort=fast}[500ms].p99<1s',
      'the window [500ms] is not a number of whole seconds from 1s to 1h',
    ],
    ['latency{cohort=fast}[2h].p99<1s', 'the window [2h] is not a number of whole seconds'],
    ['latency{cohort=fast}[ten].p99<1s', '"ten" is not a duration'],
  ])('refuses %s', (expr, problem) => {
    expect(parse(expr)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('judgeThreshold', () => {
  it.each([
    ['latency{cohort=fast}.p99<50ms', true],
    ['latency{cohort=fast}.p99<49ms', false],
    ['lost==0', true],
    ['lost{cohort=stall}==0', true],
    ['evicted{cohort=stall}.rate==100%', true],
    ['evicted.rate<=50%', true],
    ['evicted{cohort=fast}>=1', false],
    ['connected.rate==100%', false],
    ['connected{cohort=fast}.rate>=80%', true],
    ['connected==8', true],
    ['failures==6', true],
    ['failures{cause=401}.count==4', true],
    ['failures{cause=401,cohort=fast}==2', true],
    ['failures{cohort=fast, cause=reset}<=1', true],
    ['failures{cause=503}==0', true],
    ['isolation<1.5', true],
    ['isolation<1.1x', false],
    ['deliveries.rate>4000/s', true],
    ['http{path=/healthz}.errors==0', true],
    ['http{path=/healthz}.unexpected==0', false],
    ['http{path=/healthz}.p99<5ms', true],
  ])('judges %s', (expr, ok) => {
    expect(judge(expr)).toMatchObject({ expr, ok, isDecided: true });
  });

  it('does not let hold what was not measured', () => {
    expect(judge('lateness.p99<1s')).toMatchObject({ ok: false, observed: null, rendered: 'not measured' });
  });

  it('decides nothing by what a run that was cut off lacks', () => {
    const thresholds = ['evicted{cohort=fast}>=1', 'lost==0'].map(parse);
    const decided = (by?: 'user' | 'kit' | 'target') =>
      judgeThresholds(thresholds, RESULT, { stop: by && { by } }).map(({ ok, isDecided }) => [ok, isDecided]);
    expect(decided()).toEqual([
      [false, true],
      [true, true],
    ]);
    for (const by of ['user', 'kit'] as const)
      expect(decided(by)).toEqual([
        [false, false],
        [true, true],
      ]);
    expect(decided('target')).toEqual(decided());
  });

  it('judges nothing that an overloaded generator can cause, and everything that it cannot', () => {
    const limited = { ...RESULT, generator: { limited: true } } as unknown as LoadtestResult;
    expect(judge('latency{cohort=fast}.p99<1ms', limited)).toMatchObject({ ok: false, isDecided: false });
    expect(judge('evicted{cohort=fast}>=1', limited)).toMatchObject({ ok: false, isDecided: false });
    expect(judge('duplicated>=1', limited)).toMatchObject({ ok: false, isDecided: true });
  });

  it('judges the rate of a slow route, and no times or evictions of a load that was not planned', () => {
    const slow = { ...RESULT, pace: { limitedBy: 'route' } } as unknown as LoadtestResult;
    expect(judge('published>90/s', slow)).toMatchObject({ ok: false, isDecided: true });
    expect(judge('latency{cohort=fast}.p99<1ms', slow)).toMatchObject({ ok: false, isDecided: false });
    expect(judge('evicted{cohort=fast}>=1', slow)).toMatchObject({ ok: false, isDecided: false });
    expect(judge('lost>=1', slow)).toMatchObject({ ok: false, isDecided: true });
  });

  it('does not decide that a hub kept clients when pressure ended early', () => {
    const kept = { ...RESULT, cohorts: [cohort('fast', 1), cohort('stall', 3)] };
    const isDecided = (expr: string, isWhole: boolean) =>
      judge(expr, { ...kept, pressure: { isWhole } } as unknown as LoadtestResult).isDecided;
    expect(isDecided('evicted{cohort=stall}.rate==100%', true)).toBe(true);
    expect(isDecided('evicted{cohort=stall}.rate==100%', false)).toBe(false);
    expect(isDecided('evicted{cohort=fast}==0', false)).toBe(true);
  });
});

describe('thresholds of clients that come back', () => {
  const fault = {
    droppedKept: 4,
    mustReturn: 4,
    recovered: 4,
    firstEventMillis: { p50: 900, p99: 1_500, max: 2_000 },
  };
  const missed = { total: 40, p50: 9, p99: 12, max: 12 };
  const withFaults = (...faults: object[]) =>
    ({
      ...RESULT,
      faults,
      cohorts: [
        { ...cohort('fast', 0), missed, attempts: { total: 9, failed: 5 } },
        { ...cohort('stall', 1), away: 3 },
      ],
    }) as unknown as LoadtestResult;

  it.each([
    ['recovery.p99<2s', 1_500_000],
    ['recovery.max<=2s', 2_000_000],
    ['recovered==4', 4],
    ['recovered.rate==100%', 1],
    ['missed.total<50', 40],
    ['missed{cohort=fast}.p99<13', 12],
    ['missed{cohort=stall}.max<1', 0],
    ['refused<6', 5],
    ['refused{cohort=stall}==0', 0],
    // Those that a fault dropped cannot be evicted any more.
    ['evicted{cohort=stall}.rate==100%', 1],
  ])('%s', (expr, observed) => {
    expect(judge(expr, withFaults(fault))).toMatchObject({ observed, ok: true });
  });

  it('takes the slowest of several faults', () => {
    const slow = { ...fault, firstEventMillis: { p50: 5_000, p99: 6_000, max: 7_000 } };
    expect(judge('recovery.p50<1s', withFaults(fault, slow, { ...fault, droppedKept: 0 }))).toMatchObject({
      observed: 5_000_000,
      ok: false,
    });
  });

  it('does not hold where nobody came back, and has nothing to measure where nobody was dropped', () => {
    const nobody = { ...fault, recovered: 0, firstEventMillis: null };
    expect(judge('recovery.p99<1h', withFaults(fault, nobody))).toMatchObject({ observed: null, ok: false });
    expect(judge('recovered.rate==100%', withFaults(fault, nobody))).toMatchObject({
      observed: 0.5,
      ok: false,
    });
    const without = { ...nobody, mustReturn: 0 };
    expect(judge('recovered.rate==100%', withFaults(without))).toMatchObject({ observed: 0, ok: false });
    expect(judge('recovered.rate==100%', withFaults())).toMatchObject({ observed: null, ok: false });
  });

  it('decides nothing of evictions where a fault dropped all', () => {
    const gone = {
      ...withFaults(fault),
      cohorts: [{ ...cohort('stall', 0), away: 4 }],
    } as unknown as LoadtestResult;
    expect(judge('evicted{cohort=stall}.rate==100%', gone)).toMatchObject({ isDecided: false });
  });
});

describe('a threshold of one hub of several', () => {
  const hubs = ['ws://a/ws', 'ws://b/ws?x={y'];
  const parse = (expr: string, of: readonly (string | undefined)[] = hubs) =>
    parseThreshold(expr, { cohorts: COHORTS, hubs: of });
  const targets = [1, 2].map((target) => ({
    ...cohort(`${target}`, target),
    target,
    lost: 5 * (target - 1),
    skewMicros: { ...LATENCY, p99: target * 1_000 },
  }));
  const spread = { ...RESULT, targets, skewMicros: { ...LATENCY, p99: 3_000 } } as unknown as LoadtestResult;

  it.each([
    ['lost{target=1}==0', 0],
    ['lost{target=2}==0', 5],
    ['lost{target=ws://b/ws?x={y}==0', 5],
    ['evicted{target=2}.rate<100%', 0.5],
    ['latency{target=2}.p99<1s', LATENCY.p99],
    ['skew.p99<1s', 3_000],
    ['skew{target=2}.p99<1s', 2_000],
  ])('%s', (expr, observed) => {
    const threshold = parse(expr);
    if (!threshold.ok) throw new Error(threshold.problem);
    expect(judgeThreshold(threshold.value, spread).observed).toBe(observed);
  });

  it.each([
    ['lost{target=3}==0', hubs, 'no target "3"; there are 2, from 1, or their URLs'],
    ['lost{target=ws://c/ws}==0', hubs, 'no target "ws://c/ws"'],
    ['lost{target=1}==0', ['ws://a/ws'], '{target=…} needs several hubs'],
    ['skew.p99<1s', [undefined], 'skew needs several hubs'],
    ['published{target=1}>5/s', hubs, 'published takes no {target=…}'],
    ['skew{cohort=fast}.p99<1s', hubs, 'skew is selected by target, not by cohort'],
  ])('%s with %j is refused', (expr, of, problem) => {
    expect(parse(expr, of)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('parseThreshold', () => {
  it.each([
    ['', 'is not METRIC'],
    ['lost', 'is not METRIC'],
    ['lots==0', 'did you mean lost?'],
    ['latency.p99<5ms', 'latency needs {cohort='],
    ['latency{cohort=fats}.p99<5ms', 'no cohort "fats"; did you mean fast?'],
    ['latency{path=fast}.p99<5ms', 'selected by cohort, not by path'],
    ['failures{path=401}==0', 'selected by cohort and cause, not by path'],
    ['failures{cause=tsl}==0', 'no cause "tsl"; did you mean tls?'],
    ['failures{cause=401,cause=403}==0', 'failures: two values for cause'],
    ['lost{cause=401}==0', 'selected by cohort, not by cause'],
    ['latency{cohort=fast}<5ms', 'needs one of .p50'],
    ['latency{cohort=fast}.p98<5ms', 'did you mean p9'],
    ['latency{cohort=fast}.p99<5', 'is not a duration'],
    ['lost==many', 'not a number'],
    ['lost==5%', 'not a number'],
    ['isolation{cohort=fast}<2', 'takes no {cohort=…}'],
    ['isolation.p99<2', 'isolation takes no .p99'],
    ['http.errors==0', 'http needs {path='],
  ])('says what is wrong with "%s"', (expr, problem) => {
    expect(parseThreshold(expr, { cohorts: COHORTS, hubs: [undefined] })).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });
});

// What every report of a capacity search says, as sentences and rows of text.
import type { CurvePoint, FindResult, FindStep, Varied } from '../../load/find/find-result.ts';
import type { Answer } from '../../load/find/search.ts';
import { renderDurationMillis, renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import type { Rows } from '../format/rows.ts';
import { targetWords } from '../target-words.ts';

const LEVEL_UNITS: Readonly<Record<Varied, string>> = { rate: 'events/s', clients: 'clients' };

/** The answer in one sentence. */
export function answerLine(answer: Answer, vary: Varied): string {
  const unit = LEVEL_UNITS[vary];
  const level = (value: number) => `${renderCount(value)} ${unit}`;
  switch (answer.kind) {
    case 'capacity': {
      const interval = `90 % interval ${renderCount(answer.low)} to ${renderCount(answer.high)}`;
      return `CAPACITY ${level(answer.level)} (${interval}${answer.isPrecise ? '' : ', wider than wanted'})`;
    }
    case 'at-least':
      return `AT LEAST ${level(answer.level)}: ${UNKNOWN_ABOVE[answer.limit]}`;
    case 'below':
      return `NOT EVEN ${level(answer.level)}: the thresholds passed at no level that was tried`;
    case 'inconclusive':
      return `INCONCLUSIVE: ${answer.limit === 'driver' ? 'the driver was the limit at every level' : 'no level was tried to its end'}`;
  }
}

const UNKNOWN_ABOVE = {
  driver: 'the driver is the limit, not the hub (more --workers, or a machine of its own)',
  range: 'that is the highest level asked for (--to)',
  time: 'the search ended before a level failed',
} as const;

export function curveRows({ curve, vary }: Pick<FindResult, 'curve' | 'vary'>): Rows {
  return {
    head: [LEVEL_UNITS[vary], 'passed', 'p50', 'p99', 'deliveries/s', 'evicted', ''],
    rows: curve.map((point) => [
      renderCount(point.level),
      `${point.passed} of ${point.steps}`,
      micros(point.p50Micros),
      micros(point.p99Micros),
      renderCount(point.deliveriesPerSecond),
      renderCount(point.evicted),
      describePoint(point),
    ]),
  };
}

function describePoint({ passed, failed, limited }: CurvePoint): string {
  if (failed + limited === 0) return 'passes';
  if (limited > failed && limited >= passed) return 'driver-limited';
  return passed > failed + limited ? 'passes mostly' : passed === 0 ? 'fails' : 'fails mostly';
}

const micros = (value: number | null): string => (value === null ? '-' : renderMicros(value));

/** One line for each step as it ends. */
export function stepLine(step: FindStep, vary: Varied): string {
  const outcome = { passed: 'passed', failed: 'FAILED', limited: 'driver-limited' }[step.outcome];
  return [
    `${renderCount(step.level)} ${LEVEL_UNITS[vary]}`.padStart(18),
    outcome.padEnd(14),
    `p99 ${micros(step.p99Micros)}`.padEnd(12),
    `${renderCount(step.deliveriesPerSecond)} deliveries/s`.padEnd(22),
    `${renderCount(step.evicted)} evicted`,
    ...(step.reason ? [` ${step.reason}`] : []),
  ].join('  ');
}

/** What kept levels from holding, the most frequent first; of steps with one cause, the first reason. */
export function reasonLines({ steps }: FindResult): string[] {
  const counts = new Map<string, { count: number; sample: string }>();
  for (const { reason, cause } of steps) {
    if (reason === undefined) continue;
    const key = cause ?? reason;
    const entry = counts.get(key) ?? { count: 0, sample: reason };
    counts.set(key, { ...entry, count: entry.count + 1 });
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ count, sample }) => `${count} ${count === 1 ? 'step' : 'steps'} did not pass: ${sample}`);
}

export function searchLines(result: FindResult): string[] {
  const { plan, vary, steps, environment } = result;
  const cohorts = plan.cohorts.map(
    ({ name, clients, behaviour }) => `${name}=${clients}${behaviour === 'fast' ? '' : `:${behaviour}`}`,
  );
  const rate =
    plan.ratePerSecond === null
      ? `${plan.scenarios.join(', ')} at ${plan.speed}x`
      : `${plan.ratePerSecond} events/s`;
  return [
    `target: ${targetWords(result.target)}`,
    `thresholds: ${result.thresholds.join('  ')}`,
    vary === 'rate' ? `clients: ${cohorts.join('  ')}` : `events: ${rate}`,
    `${steps.length} steps of ${renderDurationMillis(plan.durationMs)} in ${renderDurationMillis(result.durationMs)}, seed ${result.seed}`,
    ...(environment ? [`machine: ${environment.cores} x ${environment.cpu}, Node ${environment.node}`] : []),
    ...describeOthers(steps),
    ...(result.stoppedBecause ? [`ended early: ${result.stoppedBecause}`] : []),
  ];
}

/** From here on the capacity is that of what other programs left. */
const MANY_OTHERS = 0.2;

function describeOthers(steps: readonly FindStep[]): string[] {
  const shares = steps.flatMap(({ othersCpuShare }) => (othersCpuShare === null ? [] : [othersCpuShare]));
  const median = shares.sort((a, b) => a - b)[Math.floor((shares.length - 1) / 2)];
  return median === undefined || median < MANY_OTHERS
    ? []
    : [
        `WARNING: other programs used ${Math.round(median * 100)} % of this machine in the median step: an idle machine carries more`,
      ];
}

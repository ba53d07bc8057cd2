// Thresholds: limits that fail the run, as people write them (`latency{cohort=fast}.p99<50ms`). Parsed against the
// metrics there are before anything starts; judged by the result.
import { parseDurationMillis, renderMicros } from '../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { renderCount } from '../../units/rate.ts';
import { suggest } from '../../units/suggest.ts';
import type { CohortResult, LoadtestResult, ThresholdOutcome } from '../result/result.ts';

type Unit = 'micros' | 'count' | 'share' | 'factor' | 'perSecond';
type Measured = Omit<LoadtestResult, 'thresholds' | 'verdict' | 'findings'>;
const LATENCY_FIELDS = ['p50', 'p90', 'p99', 'p999', 'max', 'mean'] as const;

interface Metric {
  readonly unit: Unit;
  /** Which label it takes, and what that label may be. */
  readonly label?: 'cohort' | 'path';
  /** Which field must follow; undefined where none may. */
  readonly fields?: readonly string[];
  /** Without a field, this one is meant. */
  readonly describe: string;
  readonly read: (result: Measured, label: string | undefined, field: string | undefined) => number | null;
}

const countOf = (
  key: 'lost' | 'duplicated' | 'reordered' | 'corrupted' | 'received' | 'connected',
  describe: string,
): Metric => ({
  unit: 'count',
  label: 'cohort',
  describe,
  read: (result, label) => sum(result.cohorts, label, (cohort) => cohort[key]),
});

/** Every metric a threshold may name. */
const METRICS: Readonly<Record<string, Metric>> = {
  latency: {
    unit: 'micros',
    label: 'cohort',
    fields: LATENCY_FIELDS,
    describe: 'received minus due, of measured events; needs a cohort',
    read: (result, label, field) => {
      const cohort = result.cohorts.find(({ name }) => name === label);
      return cohort && cohort.latencyMicros.count > 0
        ? cohort.latencyMicros[field as (typeof LATENCY_FIELDS)[number]]
        : null;
    },
  },
  lateness: {
    unit: 'micros',
    fields: LATENCY_FIELDS,
    describe: 'sent minus due',
    read: (result, _label, field) =>
      result.lateness.count > 0 ? result.lateness[field as (typeof LATENCY_FIELDS)[number]] : null,
  },
  lost: countOf('lost', 'deliveries that never came'),
  duplicated: countOf('duplicated', 'deliveries that came twice'),
  reordered: countOf('reordered', 'deliveries that came after a later one'),
  corrupted: countOf('corrupted', 'deliveries whose content is not what was published'),
  received: countOf('received', 'events received'),
  connected: countOf('connected', 'clients that connected'),
  evicted: {
    unit: 'count',
    label: 'cohort',
    fields: ['count', 'rate'],
    describe: 'clients ended by the hub; .rate is their share of those connected',
    read: (result, label, field) => {
      const evicted = sum(result.cohorts, label, (cohort) => cohort.evicted);
      const connected = sum(result.cohorts, label, (cohort) => cohort.connected) ?? 0;
      if (field !== 'rate') return evicted;
      return connected === 0 || evicted === null ? null : evicted / connected;
    },
  },
  isolation: {
    unit: 'factor',
    describe: 'fast p99 with slow clients over fast p99 without',
    read: (result) => result.isolation.ratio,
  },
  deliveries: {
    unit: 'perSecond',
    fields: ['rate'],
    describe: 'deliveries per second',
    read: (result) => result.throughput.deliveriesPerSecond,
  },
  published: {
    unit: 'perSecond',
    fields: ['rate'],
    describe: 'events published per second',
    read: (result) => result.throughput.publishedPerSecond,
  },
  http: {
    unit: 'count',
    label: 'path',
    fields: ['errors', 'unexpected', 'rate', 'p99'],
    describe: 'the --http-load side of a path',
    read: (result, label, field) => {
      const outcome = result.http.find(({ path }) => path === label);
      if (!outcome) return null;
      const values: Record<string, number> = {
        errors: outcome.errors,
        unexpected: outcome.unexpectedStatuses,
        rate: outcome.requestsPerSecond,
        p99: outcome.p99Millis * 1e3,
      };
      return values[field ?? ''] ?? null;
    },
  },
};

function sum(
  cohorts: readonly CohortResult[],
  label: string | undefined,
  read: (cohort: CohortResult) => number,
): number | null {
  const chosen = label === undefined ? cohorts : cohorts.filter(({ name }) => name === label);
  return chosen.length === 0 ? null : chosen.reduce((total, cohort) => total + read(cohort), 0);
}

const COMPARE = {
  '<=': (a: number, b: number) => a <= b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
  '<': (a: number, b: number) => a < b,
  '>': (a: number, b: number) => a > b,
} as const;

export interface Threshold {
  readonly expr: string;
  readonly metric: string;
  readonly label: string | undefined;
  readonly field: string | undefined;
  readonly unit: Unit;
  readonly comparison: keyof typeof COMPARE;
  readonly limit: number;
}

const EXPRESSION =
  /^\s*([a-z-]+)\s*(?:\{\s*([a-z]+)\s*=\s*([^}]+?)\s*\})?\s*(?:\.\s*([a-z0-9]+))?\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*$/;

/** Reads one expression; `cohorts` are the names it may select. */
export function parseThreshold(expr: string, cohorts: readonly string[]): Parsed<Threshold> {
  const match = EXPRESSION.exec(expr);
  if (!match)
    return unparsed(
      `"${expr}" is not METRIC{cohort=NAME}.FIELD OP LIMIT, such as latency{cohort=fast}.p99<50ms`,
    );
  const [, name = '', labelKey, labelValue, field, comparison = '', limitText = ''] = match;
  const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
  if (!metric) return unparsed(`"${expr}": no metric "${name}"${didYouMean(name, Object.keys(METRICS))}`);
  const label = checkLabel(metric, name, labelKey, labelValue, cohorts);
  if (!label.ok) return unparsed(`"${expr}": ${label.problem}`);
  const checked = checkField(metric, name, field);
  if (!checked.ok) return unparsed(`"${expr}": ${checked.problem}`);
  const unit = unitOf(metric, name, checked.value);
  const limit = parseLimit(limitText, unit);
  if (!limit.ok) return unparsed(`"${expr}": ${limit.problem}`);
  return parsed({
    expr,
    metric: name,
    label: labelValue,
    field: checked.value,
    unit,
    comparison: comparison as keyof typeof COMPARE,
    limit: limit.value,
  });
}

function checkLabel(
  metric: Metric,
  name: string,
  key: string | undefined,
  value: string | undefined,
  cohorts: readonly string[],
): Parsed<undefined> {
  if (key === undefined) {
    return name === 'latency' || name === 'http'
      ? unparsed(`${name} needs {${metric.label}=…}`)
      : parsed(undefined);
  }
  if (key !== metric.label)
    return unparsed(
      metric.label ? `${name} is selected by ${metric.label}, not by ${key}` : `${name} takes no {${key}=…}`,
    );
  if (key === 'cohort' && !cohorts.includes(value ?? ''))
    return unparsed(`no cohort "${value}"${didYouMean(value ?? '', cohorts)}`);
  return parsed(undefined);
}

function checkField(metric: Metric, name: string, field: string | undefined): Parsed<string | undefined> {
  const fields = metric.fields ?? [];
  if (field === undefined)
    return fields.length === 0 || fields.includes('count') || fields.length === 1
      ? parsed(fields[0])
      : unparsed(`${name} needs one of .${fields.join(' .')}`);
  if (fields.includes(field)) return parsed(field);
  return unparsed(
    fields.length === 0
      ? `${name} takes no .${field}`
      : `${name} has no .${field}${didYouMean(field, fields)}`,
  );
}

function unitOf(metric: Metric, name: string, field: string | undefined): Unit {
  if (name === 'evicted' && field === 'rate') return 'share';
  if (name === 'http' && field === 'p99') return 'micros';
  if (name === 'http' && field === 'rate') return 'perSecond';
  return metric.unit;
}

function parseLimit(text: string, unit: Unit): Parsed<number> {
  if (unit === 'micros') {
    const millis = parseDurationMillis(text);
    return millis.ok ? parsed(millis.value * 1e3) : millis;
  }
  const match = /^(\d+(?:\.\d+)?)(%|x|\/s)?$/.exec(text);
  const suffixes: Record<Unit, string> = { micros: '', count: '', share: '%', factor: 'x', perSecond: '/s' };
  if (!match || (match[2] !== undefined && match[2] !== suffixes[unit]))
    return unparsed(`the limit "${text}" is not a ${unit === 'share' ? 'share such as 100%' : 'number'}`);
  return parsed(match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]));
}

function didYouMean(word: string, known: readonly string[]): string {
  const meant = suggest(word, known);
  return meant ? `; did you mean ${meant}?` : `; there are ${known.join(', ')}`;
}

/** Counts that a generator which is too slow can cause by itself, besides all times and rates. */
const CAUSED_BY_SLOWNESS: ReadonlySet<string> = new Set(['lost', 'received', 'connected', 'evicted']);

/** Judges one threshold. What could not be measured does not hold. */
export function judgeThreshold(threshold: Threshold, result: Measured): ThresholdOutcome {
  const metric = METRICS[threshold.metric];
  const observed = metric?.read(result, threshold.label, threshold.field) ?? null;
  const isTime = threshold.unit === 'micros' || threshold.unit === 'factor' || threshold.unit === 'perSecond';
  return {
    expr: threshold.expr,
    observed,
    rendered: observed === null ? 'not measured' : renderValue(observed, threshold.unit),
    ok: observed !== null && COMPARE[threshold.comparison](observed, threshold.limit),
    isDecided: !(result.generator.limited && (isTime || CAUSED_BY_SLOWNESS.has(threshold.metric))),
  };
}

function renderValue(value: number, unit: Unit): string {
  if (unit === 'micros') return renderMicros(value);
  if (unit === 'share') return `${Number((value * 100).toFixed(2))}%`;
  if (unit === 'factor') return `${value.toFixed(2)}x`;
  return unit === 'perSecond' ? `${renderCount(value)}/s` : renderCount(value);
}

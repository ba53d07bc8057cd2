// Thresholds: limits that fail the run, as people write them (`latency{cohort=fast}.p99<50ms`). Parsed against the
// metrics and cohorts there are before anything starts.
import { parseDurationMillis } from '../../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { suggest } from '../../../units/suggest.ts';
import { FAILURE_CAUSES } from '../../../wire/failure/failure-cause.ts';
import { findMetric, METRICS, type Metric, type MetricName, type Unit } from './metrics.ts';

export type Comparison = '<=' | '>=' | '==' | '!=' | '<' | '>';

export interface Threshold {
  readonly expr: string;
  readonly metric: MetricName;
  readonly label: string | undefined;
  /** Of failures; undefined for all. */
  readonly cause?: string | undefined;
  readonly field: string | undefined;
  readonly unit: Unit;
  readonly comparison: Comparison;
  readonly limit: number;
}

const EXPRESSION = /^\s*([a-z-]+)\s*(?:\{([^}]*)\})?\s*(?:\.\s*([a-z0-9]+))?\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*$/;

/** Reads one expression; `cohorts` are the names it may select. */
export function parseThreshold(expr: string, cohorts: readonly string[]): Parsed<Threshold> {
  const match = EXPRESSION.exec(expr);
  if (!match)
    return unparsed(
      `"${expr}" is not METRIC{cohort=NAME}.FIELD OP LIMIT, such as latency{cohort=fast}.p99<50ms`,
    );
  const [, word = '', labelText, field, comparison = '', limitText = ''] = match;
  const found = findMetric(word);
  if (!found) return unparsed(`"${expr}": no metric "${word}"${didYouMean(word, Object.keys(METRICS))}`);
  const { name, metric } = found;
  const labels = parseLabels(labelText);
  const problem = findBadLabel(metric, name, labels, cohorts);
  if (problem !== undefined) return unparsed(`"${expr}": ${problem}`);
  const checked = checkField(metric, name, field);
  if (!checked.ok) return unparsed(`"${expr}": ${checked.problem}`);
  const unit = metric.fieldUnits?.[checked.value ?? ''] ?? metric.unit;
  const limit = parseLimit(limitText, unit);
  if (!limit.ok) return unparsed(`"${expr}": ${limit.problem}`);
  return parsed({
    expr,
    metric: name,
    label: labels.find(({ key }) => key === metric.label)?.value,
    ...(metric.hasCauses && { cause: labels.find(({ key }) => key === 'cause')?.value }),
    field: checked.value,
    unit,
    comparison: comparison as Comparison,
    limit: limit.value,
  });
}

interface Label {
  readonly key: string;
  readonly value: string;
}

/** `cause=401,cohort=fast`; a comma before anything else belongs to the value. */
function parseLabels(text: string | undefined): Label[] {
  if (text === undefined) return [];
  return text.split(/,(?=\s*[a-z]+\s*=)/).map((one) => {
    const [, key = '', value = ''] = /^\s*([a-z]+)\s*=\s*(.+?)\s*$/.exec(one) ?? [];
    return { key, value };
  });
}

function findBadLabel(
  metric: Metric,
  name: string,
  labels: readonly Label[],
  cohorts: readonly string[],
): string | undefined {
  if (metric.isLabelRequired && labels.length === 0) return `${name} needs {${metric.label}=…}`;
  const keys = labels.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) return `${name}: two values for ${twice}`;
  for (const { key, value } of labels) {
    const problem =
      key === 'cause' && metric.hasCauses
        ? findBadCause(value)
        : checkLabel(metric, name, { key, value }, cohorts);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkLabel(
  metric: Metric,
  name: string,
  { key, value }: Label,
  cohorts: readonly string[],
): string | undefined {
  if (key !== metric.label)
    return metric.label
      ? `${name} is selected by ${metric.label}${metric.hasCauses ? ' and cause' : ''}, not by ${key}`
      : `${name} takes no {${key}=…}`;
  if (key === 'cohort' && !cohorts.includes(value))
    return `no cohort "${value}"${didYouMean(value, cohorts)}`;
  return undefined;
}

function findBadCause(cause: string): string | undefined {
  if (/^[1-5]\d\d$/.test(cause) || FAILURE_CAUSES.includes(cause)) return undefined;
  return `no cause "${cause}"${didYouMean(cause, ['401', ...FAILURE_CAUSES])}`;
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

const SUFFIXES: Record<Unit, string> = { micros: '', count: '', share: '%', factor: 'x', perSecond: '/s' };

function parseLimit(text: string, unit: Unit): Parsed<number> {
  if (unit === 'micros') {
    const millis = parseDurationMillis(text);
    return millis.ok ? parsed(millis.value * 1e3) : millis;
  }
  const match = /^(\d+(?:\.\d+)?)(%|x|\/s)?$/.exec(text);
  if (!match || (match[2] !== undefined && match[2] !== SUFFIXES[unit]))
    return unparsed(`the limit "${text}" is not a ${unit === 'share' ? 'share such as 100%' : 'number'}`);
  return parsed(match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]));
}

function didYouMean(word: string, known: readonly string[]): string {
  const meant = suggest(word, known);
  return meant ? `; did you mean ${meant}?` : `; there are ${known.join(', ')}`;
}

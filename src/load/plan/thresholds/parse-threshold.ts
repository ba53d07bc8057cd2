// Thresholds: limits that fail the run, as people write them (`latency{cohort=fast}.p99<50ms`). Parsed against the
// metrics and cohorts there are before anything starts.
import { parseDurationMillis } from '../../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { suggest } from '../../../units/suggest.ts';
import { findMetric, METRICS, type Metric, type MetricName, type Unit } from './metrics.ts';

export type Comparison = '<=' | '>=' | '==' | '!=' | '<' | '>';

export interface Threshold {
  readonly expr: string;
  readonly metric: MetricName;
  readonly label: string | undefined;
  readonly field: string | undefined;
  readonly unit: Unit;
  readonly comparison: Comparison;
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
  const [, word = '', labelKey, labelValue, field, comparison = '', limitText = ''] = match;
  const found = findMetric(word);
  if (!found) return unparsed(`"${expr}": no metric "${word}"${didYouMean(word, Object.keys(METRICS))}`);
  const { name, metric } = found;
  const label = checkLabel(metric, name, labelKey, labelValue, cohorts);
  if (!label.ok) return unparsed(`"${expr}": ${label.problem}`);
  const checked = checkField(metric, name, field);
  if (!checked.ok) return unparsed(`"${expr}": ${checked.problem}`);
  const unit = metric.fieldUnits?.[checked.value ?? ''] ?? metric.unit;
  const limit = parseLimit(limitText, unit);
  if (!limit.ok) return unparsed(`"${expr}": ${limit.problem}`);
  return parsed({
    expr,
    metric: name,
    label: labelValue,
    field: checked.value,
    unit,
    comparison: comparison as Comparison,
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
  if (key === undefined)
    return metric.isLabelRequired ? unparsed(`${name} needs {${metric.label}=…}`) : parsed(undefined);
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

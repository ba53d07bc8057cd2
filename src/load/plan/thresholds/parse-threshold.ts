// Thresholds: limits that fail the run, as people write them (`latency{cohort=fast}.p99<50ms`). Parsed against the
// metrics and cohorts there are before anything starts.
import { parseDurationMillis } from '../../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { didYouMean } from '../../../units/suggest.ts';
import { FAILURE_CAUSES } from '../../../wire/failure/failure-cause.ts';
import type { PhaseName } from '../phase.ts';
import { type InTime, parseInTime } from './in-time.ts';
import { findMetric, type LabelKey, METRICS, type Metric, type MetricName, type Unit } from './metrics.ts';

export type Comparison = '<=' | '>=' | '==' | '!=' | '<' | '>';

export interface Threshold extends InTime {
  readonly expr: string;
  readonly metric: MetricName;
  readonly labelKey: LabelKey | undefined;
  /** The number of a hub where the label is one. */
  readonly label: string | undefined;
  /** Of failures; undefined for all. */
  readonly cause?: string | undefined;
  readonly field: string | undefined;
  readonly unit: Unit;
  readonly comparison: Comparison;
  readonly limit: number;
}

const EXPRESSION =
  /^\s*([a-z-]+)\s*(?:\{([^}]*)\})?\s*(?:\[\s*([^\]]*?)\s*\])?\s*(?:\.\s*([a-z0-9]+))?\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*$/;

/** What labels may select. */
export interface Selectable {
  readonly cohorts: readonly string[];
  /** URLs of the hubs, where they are known. */
  readonly hubs: readonly (string | undefined)[];
  /** Measured phases of the plan; default: any. */
  readonly phases?: readonly PhaseName[];
}

/** Reads one expression. */
export function parseThreshold(expr: string, selectable: Selectable): Parsed<Threshold> {
  const match = EXPRESSION.exec(expr);
  if (!match)
    return unparsed(
      `"${expr}" is not METRIC{cohort=NAME}.FIELD OP LIMIT, such as latency{cohort=fast}.p99<50ms`,
    );
  const [, word = '', labelText, windowText, field, comparison = '', limitText = ''] = match;
  const found = findMetric(word);
  if (!found) return unparsed(`"${expr}": no metric "${word}"${didYouMean(word, Object.keys(METRICS))}`);
  const { name, metric } = found;
  const allLabels = parseLabels(labelText);
  const labels = allLabels.filter(({ key }) => key !== 'phase');
  const problem = findBadLabel(metric, name, labels, selectable);
  if (problem !== undefined) return unparsed(`"${expr}": ${problem}`);
  const checked = checkField(metric, name, field);
  if (!checked.ok) return unparsed(`"${expr}": ${checked.problem}`);
  const unit = metric.fieldUnits?.[checked.value ?? ''] ?? metric.unit;
  const limit = parseLimit(limitText, unit);
  if (!limit.ok) return unparsed(`"${expr}": ${limit.problem}`);
  const chosen = chosenLabel(labels, selectable);
  const phaseText = allLabels.find(({ key }) => key === 'phase')?.value;
  const inTime = parseInTime(
    { metric: name, labelKey: chosen.labelKey },
    { phaseText, windowText },
    selectable.phases,
  );
  if (!inTime.ok) return unparsed(`"${expr}": ${inTime.problem}`);
  return parsed({
    expr,
    metric: name,
    ...chosen,
    ...inTime.value,
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
  selectable: Selectable,
): string | undefined {
  const [usual] = metric.labels ?? [];
  if (usual === 'target' && selectable.hubs.length < 2) return `${name} needs several hubs`;
  if (metric.isLabelRequired && labels.length === 0) return `${name} needs {${usual}=…}`;
  const keys = labels.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) return `${name}: two values for ${twice}`;
  if (keys.includes('cohort') && keys.includes('target')) return `${name} is selected by cohort or by target`;
  for (const { key, value } of labels) {
    const problem =
      key === 'cause' && metric.hasCauses
        ? findBadCause(value)
        : checkLabel(metric, name, { key, value }, selectable);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkLabel(
  metric: Metric,
  name: string,
  { key, value }: Label,
  { cohorts, hubs }: Selectable,
): string | undefined {
  const [usual] = metric.labels ?? [];
  if (key === 'target' && hubs.length < 2) return '{target=…} needs several hubs';
  if (!metric.labels?.some((label) => label === key))
    return usual
      ? `${name} is selected by ${usual}${metric.hasCauses ? ' and cause' : ''}, not by ${key}`
      : `${name} takes no {${key}=…}`;
  if (key === 'target' && findHub(value, hubs) === undefined)
    return `no target "${value}"; there are ${hubs.length}, from 1, or their URLs`;
  if (key === 'cohort' && !cohorts.includes(value))
    return `no cohort "${value}"${didYouMean(value, cohorts)}`;
  return undefined;
}

/** The number of the hub, from 1, that is named by it or by its URL. */
function findHub(value: string, hubs: Selectable['hubs']): number | undefined {
  const number = hubs.indexOf(value) + 1 || (/^\d+$/.test(value) ? Number(value) : 0);
  return number >= 1 && number <= hubs.length ? number : undefined;
}

function chosenLabel(labels: readonly Label[], { hubs }: Selectable): Pick<Threshold, 'labelKey' | 'label'> {
  const chosen = labels.find(({ key }) => key !== 'cause');
  if (chosen === undefined) return { labelKey: undefined, label: undefined };
  const label = chosen.key === 'target' ? String(findHub(chosen.value, hubs)) : chosen.value;
  return { labelKey: chosen.key as LabelKey, label };
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
  if (unit === 'share' && match[2] === undefined && Number(text) > 1)
    return unparsed(`the limit ${text} is a share above 1; write ${text}%`);
  return parsed(match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]));
}

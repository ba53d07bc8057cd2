// The types of a scenario (the steps of one repeated saga, or a mix of other scenarios), and the parser of its file.
import { schemaIn } from '../files/lazy-schema.ts';
import { parseYamlFile, type YamlFile, yamlSchema } from '../files/yaml-file.ts';
import type { Envelope } from '../protocol/envelope.ts';
import { validateEnvelope } from '../protocol/envelope-validation.ts';
import { parseDurationMillis } from '../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { parseSizeBytes } from '../units/size.ts';
import { fillAll, findUnknownWord } from './template.ts';

/** Milliseconds, drawn evenly between two bounds; equal bounds are fixed. */
export interface Span {
  readonly leastMillis: number;
  readonly mostMillis: number;
}

export type ScenarioStep =
  | { readonly kind: 'pause'; readonly span: Span }
  | {
      readonly kind: 'step';
      readonly name: string;
      readonly takes: Span;
      readonly ends: 'complete' | 'failed';
      readonly progress: { readonly times: number; readonly message: string } | undefined;
    }
  | {
      readonly kind: 'emit';
      readonly type: string;
      readonly payload: Readonly<Record<string, unknown>>;
      /** Value of the payload field `padding`; empty for none. */
      readonly padding: string;
    }
  /** A recorded event, verbatim. */
  | { readonly kind: 'play'; readonly envelope: Envelope }
  | { readonly kind: 'repeat'; readonly times: number; readonly steps: readonly ScenarioStep[] };

/** One saga's timeline and how often a new one starts. */
export interface SagaPlan {
  readonly name: string;
  readonly apps: readonly string[];
  readonly first: Span;
  readonly every: Span;
  readonly steps: readonly ScenarioStep[];
}

/** A scenario with everything it includes resolved: sagas that run side by side. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly sagas: readonly SagaPlan[];
  /** What a load test does to the hub meanwhile, such as `restart at=15s`; absent without any. */
  readonly faults?: readonly string[];
  /** How clients come back in a load test that does not say it; absent where they do not. */
  readonly reconnect?: readonly string[];
}

/** The content of a file. */
export interface ScenarioFile {
  readonly name: string;
  readonly description: string;
  readonly apps?: readonly string[];
  readonly every?: string;
  readonly steps?: readonly RawStep[];
  readonly faults?: readonly string[];
  readonly reconnect?: readonly string[];
  readonly starts?: readonly { readonly scenario: string; readonly every: string; readonly first?: string }[];
}

interface RawStep {
  readonly pause?: string;
  readonly step?: string;
  readonly takes?: string;
  readonly ends?: 'complete' | 'failed';
  readonly progress?: { readonly times: number; readonly message: string };
  readonly emit?: string;
  readonly payload?: Record<string, unknown>;
  readonly pad?: string;
  readonly repeat?: number;
  readonly do?: readonly RawStep[];
}

const schema = yamlSchema<ScenarioFile>(schemaIn(new URL('./schemas/scenario.schema.json', import.meta.url)));

export function parseScenarioFile(text: string, fileName: string): Parsed<YamlFile<ScenarioFile>> {
  return parseYamlFile(text, fileName, schema);
}

/** `2s` or `500ms..2s`. The schema checks its shape; this checks the order of the bounds. */
export function parseSpan(text: string): Parsed<Span> {
  const [least = '', most = least] = text.split('..');
  const leastMillis = parseDurationMillis(least);
  const mostMillis = parseDurationMillis(most);
  if (!leastMillis.ok) return leastMillis;
  if (!mostMillis.ok) return mostMillis;
  if (leastMillis.value > mostMillis.value) return unparsed(`the range ${text} runs backwards`);
  return parsed({ leastMillis: leastMillis.value, mostMillis: mostMillis.value });
}

/** The largest `pad`: the most that the reference hub accepts in one request. */
const MAX_PAD_BYTES = 8 * 1_024 * 1_024;

type Path = readonly (string | number)[];

/** A value, or a problem and its place in the file. */
type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly path: Path };

/** Steps from their raw form. `isRepeated`: they are inside a repeat, where {n} and {of} have values. */
export function readSteps(
  raw: readonly RawStep[],
  path: Path,
  isRepeated = false,
): Read<readonly ScenarioStep[]> {
  const steps: ScenarioStep[] = [];
  for (const [index, item] of raw.entries()) {
    const at = [...path, index];
    const step = readStep(item, at, isRepeated);
    if (!step.ok) return step;
    steps.push(step.value);
  }
  return { ok: true, value: steps };
}

function readStep(item: RawStep, at: Path, isRepeated: boolean): Read<ScenarioStep> {
  const wrong = (problem: string, ...more: Path) => ({ ok: false, problem, path: [...at, ...more] }) as const;
  if (item.repeat !== undefined) {
    const inner = readSteps(item.do ?? [], [...at, 'do'], true);
    return inner.ok ? { ok: true, value: { kind: 'repeat', times: item.repeat, steps: inner.value } } : inner;
  }
  if (item.pause !== undefined) {
    const span = parseSpan(item.pause);
    return span.ok ? { ok: true, value: { kind: 'pause', span: span.value } } : wrong(span.problem);
  }
  if (item.step !== undefined) {
    const takes = parseSpan(item.takes ?? '');
    if (!takes.ok) return wrong(takes.problem);
    const unknown = findUnknownWord(item.progress?.message, true);
    if (unknown !== undefined) return wrong(unknown, 'progress', 'message');
    const { step: name, ends = 'complete', progress } = item;
    return { ok: true, value: { kind: 'step', name, takes: takes.value, ends, progress } };
  }
  const { emit: type = '', payload = {} } = item;
  const padBytes = parseSizeBytes(item.pad ?? '0');
  if (!padBytes.ok) return wrong(padBytes.problem);
  if (padBytes.value > MAX_PAD_BYTES) return wrong(`the pad of ${item.pad} is larger than 8MiB`, 'pad');
  const problem = findUnknownWord(payload, isRepeated) ?? findEnvelopeProblem(type, payload);
  if (problem !== undefined) return wrong(problem, 'payload');
  return { ok: true, value: { kind: 'emit', type, payload, padding: 'x'.repeat(padBytes.value) } };
}

/** An event without its documented fields would be found on the wire and blamed on the hub. */
function findEnvelopeProblem(type: string, payload: Readonly<Record<string, unknown>>): string | undefined {
  const filled = fillAll(payload, { app: 'app', saga: 'saga', n: '1', of: '1' });
  const verdict = validateEnvelope({ type, appId: 'app', payload: filled });
  return verdict.ok ? undefined : verdict.problem;
}

// A scenario: what a platform broadcasts over time, either the steps of one saga, started again and again, or a mix of
// other scenarios. Here are its types and the reading of its file.
import { readFileSync } from 'node:fs';
import { parseDurationMillis } from '../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { parseSizeBytes } from '../units/size.ts';
import { compileSchema, parseYamlFile, type YamlFile } from './yaml-file.ts';

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
      readonly padBytes: number;
    }
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
}

/** As it stands in a file. */
export interface ScenarioFile {
  readonly name: string;
  readonly description: string;
  readonly apps?: readonly string[];
  readonly every?: string;
  readonly steps?: readonly RawStep[];
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

const validate = compileSchema<ScenarioFile>(
  JSON.parse(readFileSync(new URL('./schemas/scenario.schema.json', import.meta.url), 'utf8')) as object,
);

export function parseScenarioFile(text: string, fileName: string): Parsed<YamlFile<ScenarioFile>> {
  return parseYamlFile(text, fileName, validate);
}

/** `2s` or `500ms..2s`. The schema has checked its shape; what is left is the order of the bounds. */
export function parseSpan(text: string): Parsed<Span> {
  const [least = '', most = least] = text.split('..');
  const leastMillis = parseDurationMillis(least);
  const mostMillis = parseDurationMillis(most);
  if (!leastMillis.ok) return leastMillis;
  if (!mostMillis.ok) return mostMillis;
  if (leastMillis.value > mostMillis.value) return unparsed(`the range ${text} runs backwards`);
  return parsed({ leastMillis: leastMillis.value, mostMillis: mostMillis.value });
}

/** Steps from their raw form; a problem names the path of the step. */
export function readSteps(
  raw: readonly RawStep[],
  path: readonly (string | number)[],
): Parsed<readonly ScenarioStep[]> & { readonly path?: readonly (string | number)[] } {
  const steps: ScenarioStep[] = [];
  for (const [index, item] of raw.entries()) {
    const at = [...path, index];
    if (item.repeat !== undefined) {
      const inner = readSteps(item.do ?? [], [...at, 'do']);
      if (!inner.ok) return inner;
      steps.push({ kind: 'repeat', times: item.repeat, steps: inner.value });
      continue;
    }
    const step = readStep(item);
    if (!step.ok) return { ...step, path: at };
    steps.push(step.value);
  }
  return parsed(steps);
}

function readStep(item: RawStep): Parsed<ScenarioStep> {
  if (item.pause !== undefined) {
    const span = parseSpan(item.pause);
    return span.ok ? parsed({ kind: 'pause', span: span.value }) : span;
  }
  if (item.step !== undefined) {
    const takes = parseSpan(item.takes ?? '');
    if (!takes.ok) return takes;
    return parsed({
      kind: 'step',
      name: item.step,
      takes: takes.value,
      ends: item.ends ?? 'complete',
      progress: item.progress,
    });
  }
  const padBytes = parseSizeBytes(item.pad ?? '0');
  if (!padBytes.ok) return padBytes;
  return parsed({
    kind: 'emit',
    type: item.emit ?? '',
    payload: item.payload ?? {},
    padBytes: padBytes.value,
  });
}

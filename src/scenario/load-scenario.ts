// Loads scenarios by the name of a shipped one or by path, and resolves their includes.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_YAML_BYTES, readLimitedFile } from '../files/limited-file.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { suggest } from '../units/suggest.ts';
import { findPlayProblem } from './rehearsal.ts';
import {
  parseScenarioFile,
  parseSpan,
  readSteps,
  type SagaPlan,
  type Scenario,
  type ScenarioStep,
  type Span,
} from './scenario.ts';
import { readTrace } from './trace/trace.ts';

// The same depth from src/ and dist/.
const SHIPPED_FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const MAX_INCLUDE_DEPTH = 8;
const DEFAULT_APPS = ['shop', 'billing', 'search', 'auth', 'media', 'api-gateway', 'ledger', 'mailer'];
const AT_ONCE: Span = { leastMillis: 0, mostMillis: 0 };

export function listShippedScenarios(): readonly string[] {
  return readdirSync(SHIPPED_FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** Loads a scenario by name or path. The problem names file, line and rule, or suggests a name. */
export function loadScenario(nameOrPath: string): Parsed<Scenario> {
  const path = findScenario(nameOrPath, process.cwd());
  return path.ok ? loadFile(path.value, 0) : path;
}

function findScenario(nameOrPath: string, folder: string): Parsed<string> {
  const isName = /^[a-z0-9][a-z0-9-]*$/.test(nameOrPath);
  const path = isName ? resolve(SHIPPED_FOLDER, `${nameOrPath}.yaml`) : resolve(folder, nameOrPath);
  if (existsSync(path)) return parsed(path);
  if (!isName) return unparsed(`${nameOrPath}: no such file`);
  const known = listShippedScenarios();
  const meant = suggest(nameOrPath, known);
  return unparsed(
    `no scenario "${nameOrPath}"${meant ? `; did you mean ${meant}?` : `; known are ${known.join(', ')}, or give a path`}`,
  );
}

function loadFile(path: string, depth: number): Parsed<Scenario> {
  if (path.endsWith('.ndjson')) return loadTrace(path);
  const text = readLimitedFile(path, MAX_YAML_BYTES);
  if (!text.ok) return unparsed(`${path}: ${text.problem}`);
  const file = parseScenarioFile(text.value, path);
  if (!file.ok) return file;
  const { data, blame } = file.value;
  const { name, description } = data;
  if (data.steps) {
    const steps = readSteps(data.steps, ['steps']);
    if (!steps.ok) return unparsed(blame(steps.path, steps.problem));
    const every = parseSpan(data.every ?? '');
    if (!every.ok) return unparsed(blame(['every'], every.problem));
    if (every.value.mostMillis <= 0) return unparsed(blame(['every'], '"every" must be longer than 0'));
    const saga = {
      name,
      apps: data.apps ?? DEFAULT_APPS,
      first: AT_ONCE,
      every: every.value,
      steps: steps.value,
    };
    const problem = findPlayProblem(saga);
    if (problem !== undefined) return unparsed(blame(['steps'], problem));
    return parsed({ name, description, sagas: [saga], ...disturbanceOf([data]) });
  }
  const sagas: SagaPlan[] = [];
  const started: Scenario[] = [];
  for (const [index, start] of (data.starts ?? []).entries()) {
    const at = ['starts', index];
    if (depth >= MAX_INCLUDE_DEPTH)
      return unparsed(blame(at, `scenarios include each other more than ${MAX_INCLUDE_DEPTH} deep`));
    const included = findScenario(start.scenario, dirname(path));
    if (!included.ok) return unparsed(blame([...at, 'scenario'], included.problem));
    const inner = loadFile(included.value, depth + 1);
    if (!inner.ok) return inner;
    const every = parseSpan(start.every);
    const first = start.first === undefined ? parsed(AT_ONCE) : parseSpan(start.first);
    if (!every.ok) return unparsed(blame([...at, 'every'], every.problem));
    if (!first.ok) return unparsed(blame([...at, 'first'], first.problem));
    if (every.value.mostMillis <= 0)
      return unparsed(blame([...at, 'every'], '"every" must be longer than 0'));
    started.push(inner.value);
    for (const saga of inner.value.sagas) {
      sagas.push({ ...saga, apps: data.apps ?? saga.apps, every: every.value, first: first.value });
    }
  }
  return parsed({ name, description, sagas, ...disturbanceOf([data, ...started]) });
}

/** Faults and how clients come back: of a file and of those that it starts, each once. */
function disturbanceOf(all: readonly Partial<Scenario>[]): Partial<Scenario> {
  const faults = [...new Set(all.flatMap((one) => one.faults ?? []))];
  const reconnect = [...new Set(all.flatMap((one) => one.reconnect ?? []))];
  return { ...(faults.length > 0 && { faults }), ...(reconnect.length > 0 && { reconnect }) };
}

/** A trace repeats from its first event to its last, at most one round a second. */
function loadTrace(path: string): Parsed<Scenario> {
  const trace = readTrace(path);
  if (!trace.ok) return trace;
  const { events } = trace.value;
  if (events.length === 0) return unparsed(`${path}: the trace has no event`);
  const steps: ScenarioStep[] = [];
  let atMillis = events[0]?.atMillis ?? 0;
  for (const event of events) {
    const gapMillis = Math.max(0, event.atMillis - atMillis);
    if (gapMillis > 0) steps.push({ kind: 'pause', span: { leastMillis: gapMillis, mostMillis: gapMillis } });
    steps.push({ kind: 'play', envelope: event.envelope });
    atMillis = Math.max(atMillis, event.atMillis);
  }
  const roundMillis = Math.max(1_000, atMillis - (events[0]?.atMillis ?? 0));
  const every: Span = { leastMillis: roundMillis, mostMillis: roundMillis };
  const name = basename(path, '.ndjson');
  const description = `${events.length} recorded events`;
  return parsed({ name, description, sagas: [{ name, apps: [name], first: AT_ONCE, every, steps }] });
}

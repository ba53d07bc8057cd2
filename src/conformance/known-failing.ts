// Failures that are known and accepted for now (`--known-failing FILE`): they do not fail the run, so that CI is green
// until the bug is fixed; and an entry whose check passes does, so that the list is true.
import { loadYaml } from '../files/load-yaml.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import type { Check } from './check.ts';
import type { CheckResult } from './result.ts';
import { findCheck } from './run/selection.ts';

export interface KnownFailing {
  readonly id: string;
  readonly reason: string;
}

const EXAMPLE = '- id: slow-client.really-disconnected\n  reason: evicted sockets stay open, see issue 12';

/** YAML or JSON: a list of `{id, reason}`. `checks` are those that exist: an id that does not is a mistake. */
export function parseKnownFailing(text: string, checks: readonly Check[]): Parsed<readonly KnownFailing[]> {
  return parseKnownList(text, (id) => {
    const check = findCheck(checks, id);
    return check.ok ? undefined : check.problem;
  });
}

/** The same for ids of any kind; `findIdProblem` says what is wrong with one. */
export function parseKnownList(
  text: string,
  findIdProblem: (id: string) => string | undefined,
): Parsed<readonly KnownFailing[]> {
  let value: unknown;
  try {
    value = loadYaml().parse(text);
  } catch (error) {
    return unparsed(`neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  if (value === null) return parsed([]);
  if (!Array.isArray(value)) return unparsed(`not a list of entries such as ${JSON.stringify(EXAMPLE)}`);
  const entries: KnownFailing[] = [];
  for (const [at, entry] of value.entries()) {
    const read = readEntry(entry, findIdProblem);
    if (!read.ok) return unparsed(`entry ${at + 1}: ${read.problem}`);
    if (entries.some(({ id }) => id === read.value.id))
      return unparsed(`entry ${at + 1}: ${read.value.id} is listed twice`);
    entries.push(read.value);
  }
  return parsed(entries);
}

function readEntry(entry: unknown, findIdProblem: (id: string) => string | undefined): Parsed<KnownFailing> {
  if (typeof entry !== 'object' || entry === null) return unparsed('not an object with id and reason');
  const { id, reason, ...rest } = entry as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    return unparsed(`unknown field ${JSON.stringify(unknown)}; there are id and reason`);
  if (typeof id !== 'string') return unparsed('id is missing');
  if (typeof reason !== 'string' || reason.trim() === '') return unparsed(`${id} has no reason`);
  const problem = findIdProblem(id);
  return problem === undefined ? parsed({ id, reason }) : unparsed(problem);
}

export interface KnownFailingOutcome {
  readonly results: readonly CheckResult[];
  /** Ids of entries whose check passed. */
  readonly stale: readonly string[];
}

/** Marks the failures and warnings that are known. An entry whose check was not run or not judged is left alone. */
export function applyKnownFailing(
  results: readonly CheckResult[],
  known: readonly KnownFailing[],
): KnownFailingOutcome {
  const reasons = new Map(known.map(({ id, reason }) => [id, reason]));
  const marked = results.map((result) => {
    const reason = reasons.get(result.id);
    const isBroken = result.verdict === 'fail' || result.verdict === 'warn';
    return reason !== undefined && isBroken ? { ...result, knownFailing: reason } : result;
  });
  const stale = results
    .filter(({ id, verdict }) => verdict === 'pass' && reasons.has(id))
    .map(({ id }) => id);
  return { results: marked, stale };
}

// A program of the exploration: a value for each factor, and a seed for what is random inside. Plain data: a file holds
// one that failed, with the programs that have to run before it.
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { FACTORS } from '../factors/all-factors.ts';
import type { Factor, FactorValue } from '../factors/factor.ts';
import { isViolationKind, type ViolationKind } from '../oracle/violation.ts';

export interface Program {
  /** Of the content of its events. */
  readonly seed: number;
  /** Only what is not plain. */
  readonly factors: Readonly<Record<string, FactorValue>>;
}

export const PLAIN_PROGRAM: Program = { seed: 1, factors: {} };

export function factorValue(program: Program, factor: Pick<Factor, 'name' | 'plain'>): FactorValue {
  return program.factors[factor.name] ?? factor.plain;
}

/** The same program with another value of one factor. */
export function withValue(program: Program, factor: Factor, value: FactorValue): Program {
  const { [factor.name]: _, ...others } = program.factors;
  return { ...program, factors: value === factor.plain ? others : { ...others, [factor.name]: value } };
}

/** The factors whose value is not the plain one. */
export function unusualFactors(program: Program): readonly Factor[] {
  return FACTORS.filter((factor) => factorValue(program, factor) !== factor.plain);
}

/** `limits`: the factors of which values further from the plain one fail, too. */
export function describeProgram(program: Program, limits: readonly string[] = []): readonly string[] {
  return unusualFactors(program).map((factor) => {
    const value = factorValue(program, factor);
    const words = factor.describe(value);
    if (!limits.includes(factor.name)) return words;
    return `${value > factor.plain ? 'at least' : 'at most'} ${words}`;
  });
}

/** What a file replays. */
export interface Replayed {
  /** In the order in which they run on one hub; the last one fails. */
  readonly programs: readonly Program[];
  /** The kind of failure that they show; a file without it shows any. */
  readonly shows?: ViolationKind;
  /** They run so often on one hub, or until it fails. Default 1. */
  readonly repeat?: number;
}

export interface ProgramFile extends Replayed {
  readonly kind: 'norn exploration';
  readonly version: 1;
  /** What the hub does, for whoever opens the file. */
  readonly finding: string;
}

const FILE_KIND = 'norn exploration';
const MOST_REPEATS = 1_000;

export function renderProgramFile(finding: string, { shows, repeat = 1, programs }: Replayed): string {
  const file: ProgramFile = {
    kind: FILE_KIND,
    version: 1,
    finding,
    ...(shows === undefined ? {} : { shows }),
    ...(repeat === 1 ? {} : { repeat }),
    programs,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

export function parseProgramFile(text: string): Parsed<ProgramFile> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unparsed(`not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value) || value.kind !== FILE_KIND) return unparsed(`no file with kind "${FILE_KIND}"`);
  if (value.version !== 1) return unparsed(`version ${value.version}; this program reads version 1`);
  if (!Array.isArray(value.programs) || value.programs.length === 0)
    return unparsed('programs: expected a list with at least one program');
  const { shows, repeat } = value;
  if (shows !== undefined && !isViolationKind(shows))
    return unparsed(`shows: there is no kind of finding ${JSON.stringify(shows)}`);
  if (repeat !== undefined && !isRepeat(repeat))
    return unparsed(
      `repeat: expected a whole number from 1 to ${MOST_REPEATS}, got ${JSON.stringify(repeat)}`,
    );
  const programs: Program[] = [];
  for (const [at, entry] of value.programs.entries()) {
    const program = parseProgram(entry);
    if (!program.ok) return unparsed(`program ${at + 1}: ${program.problem}`);
    programs.push(program.value);
  }
  const finding = String(value.finding ?? '');
  return parsed({
    ...{ kind: FILE_KIND, version: 1, finding, programs },
    ...(shows === undefined ? {} : { shows }),
    ...(repeat === undefined ? {} : { repeat }),
  });
}

function isRepeat(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_REPEATS;
}

function parseProgram(value: unknown): Parsed<Program> {
  if (!isObject(value) || !isObject(value.factors))
    return unparsed('expected an object with seed and factors');
  const { seed, factors } = value;
  if (!Number.isSafeInteger(seed))
    return unparsed(`seed: expected a whole number, got ${JSON.stringify(seed)}`);
  for (const [name, given] of Object.entries(factors)) {
    const factor = FACTORS.find((one) => one.name === name);
    if (factor === undefined) return unparsed(`there is no factor ${JSON.stringify(name)}`);
    if (!factor.isValue(given))
      return unparsed(`${name}: ${JSON.stringify(given)} is not one of ${factor.classes.join(', ')}`);
  }
  return parsed({ seed: seed as number, factors: factors as Program['factors'] });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

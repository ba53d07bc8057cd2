// The small language of behaviours, shared by --cohort, plans, fixtures and recordings: words such as
// `stall(after=100)`, one after the other with `then`: `fast(for=2s) then stall(for=3s) then fast`.
import { parseDurationMillis } from '../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { parseBytesPerSecond } from '../units/size.ts';
import { didYouMean } from '../units/suggest.ts';
import type { Behaviour, Reading, Step } from './behaviour.ts';

interface Parameter {
  readonly name: string;
  readonly example: string;
  /** The value where the parameter may be left out; undefined leaves it out. */
  readonly byDefault?: number | undefined;
  readonly isOptional?: boolean;
  readonly parse: (text: string) => Parsed<number>;
}

interface Word {
  readonly parameters: readonly Parameter[];
  readonly build: (values: readonly (number | undefined)[]) => Reading;
}

const duration = (name: string, example: string): Parameter => ({
  name,
  example,
  parse: (text) => atLeast(parseDurationMillis(text), 1, `${name} must be at least 1ms`),
});
const messages = (name: string, byDefault: number | undefined): Parameter => ({
  name,
  example: '100',
  byDefault,
  isOptional: true,
  parse: (text) =>
    /^\d+$/.test(text) ? parsed(Number(text)) : unparsed(`${name}=${text} is not a number of messages`),
});
const rate: Parameter = {
  name: 'rate',
  example: '1KiB/s',
  parse: (text) => atLeast(parseBytesPerSecond(text), 1, 'rate must be at least 1B/s'),
};

const WORDS: Readonly<Record<Reading['kind'], Word>> = {
  fast: { parameters: [], build: () => ({ kind: 'fast' }) },
  stall: {
    parameters: [messages('after', 0)],
    build: ([afterMessages = 0]) => ({ kind: 'stall', afterMessages }),
  },
  trickle: { parameters: [rate], build: ([bytesPerSecond = 0]) => ({ kind: 'trickle', bytesPerSecond }) },
  flap: {
    parameters: [duration('read', '2s'), duration('pause', '5s')],
    build: ([readMillis = 0, pauseMillis = 0]) => ({ kind: 'flap', readMillis, pauseMillis }),
  },
  lag: {
    parameters: [duration('wait', '50ms')],
    build: ([waitMillis = 0]) => ({ kind: 'lag', waitMillis }),
  },
  vanish: {
    parameters: [messages('after', 1)],
    build: ([afterMessages = 0]) => ({ kind: 'vanish', afterMessages }),
  },
  'never-pong': { parameters: [], build: () => ({ kind: 'never-pong' }) },
  'half-open': { parameters: [], build: () => ({ kind: 'half-open' }) },
  'slow-handshake': {
    parameters: [duration('over', '10s')],
    build: ([overMillis = 0]) => ({ kind: 'slow-handshake', overMillis }),
  },
  churn: {
    parameters: [duration('every', '1s')],
    build: ([everyMillis = 0]) => ({ kind: 'churn', everyMillis }),
  },
};

/** What may end any step. */
const ENDS: readonly Parameter[] = [
  { ...duration('for', '3s'), isOptional: true },
  messages('until', undefined),
];

export const BEHAVIOUR_WORDS = Object.keys(WORDS) as readonly Reading['kind'][];

/** Reads `WORD(…) then WORD(…) …`; the problem names the nearest word or the parameter. */
export function parseBehaviour(text: string): Parsed<Behaviour> {
  const steps: Step[] = [];
  const parts = text.trim().split(/\s+then\s+/);
  for (const [index, part] of parts.entries()) {
    const step = parseStep(part);
    if (!step.ok) return step;
    const problem = findMisplaced(step.value, index === 0, index === parts.length - 1);
    if (problem !== undefined) return unparsed(`${part.trim()}: ${problem}`);
    steps.push(step.value);
  }
  const [only] = steps;
  return parsed(only && steps.length === 1 ? only.reading : { kind: 'sequence', steps });
}

function findMisplaced(
  { reading, forMillis, untilMessages }: Step,
  isFirst: boolean,
  isLast: boolean,
): string | undefined {
  const hasEnd = forMillis !== undefined || untilMessages !== undefined;
  if (reading.kind === 'slow-handshake') {
    if (!isFirst) return 'a handshake comes first';
    return hasEnd ? 'it ends with the handshake' : undefined;
  }
  if (isLast) return hasEnd ? 'the last step has no end; add another with "then"' : undefined;
  if (reading.kind === 'vanish') return 'no step can follow it';
  if (!hasEnd) return 'say when it ends, with for=3s or until=100';
  if (untilMessages !== undefined && (reading.kind === 'half-open' || reading.kind === 'stall'))
    return 'a client that does not read counts no messages; end it with for=3s';
  return undefined;
}

function parseStep(text: string): Parsed<Step> {
  const match = /^\s*([A-Za-z-]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text);
  if (!match) return unparsed(`"${text}" is not a behavior: write a word such as fast, or stall(after=100)`);
  const [, name = '', list = ''] = match;
  const word = Object.hasOwn(WORDS, name) ? WORDS[name as Reading['kind']] : undefined;
  if (!word) {
    return unparsed(`no behavior "${name}"${didYouMean(name, BEHAVIOUR_WORDS)}`);
  }
  const values = parseArguments(name, list, [...word.parameters, ...ENDS]);
  if (!values.ok) return values;
  const [forMillis, untilMessages] = values.value.slice(word.parameters.length);
  return parsed({
    reading: word.build(values.value),
    ...(forMillis === undefined ? {} : { forMillis }),
    ...(untilMessages === undefined ? {} : { untilMessages }),
  });
}

function parseArguments(
  name: string,
  list: string,
  parameters: readonly Parameter[],
): Parsed<readonly (number | undefined)[]> {
  const given = new Map<string, string>();
  const items = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const positional = parameters.filter((parameter) => !ENDS.includes(parameter));
  for (const [index, item] of items.entries()) {
    const [, key, value = ''] = /^(?:([A-Za-z-]+)\s*=\s*)?(.*)$/.exec(item) ?? [];
    const parameter = key === undefined ? positional[index] : parameters.find((one) => one.name === key);
    if (!parameter) {
      const known = parameters.map((one) => one.name).join(', ');
      return unparsed(`${name} takes no "${key ?? item}"; it takes ${known}`);
    }
    if (given.has(parameter.name)) return unparsed(`${name}: ${parameter.name} is given twice`);
    given.set(parameter.name, value);
  }
  const values: (number | undefined)[] = [];
  for (const parameter of parameters) {
    const text = given.get(parameter.name);
    if (text === undefined && !parameter.isOptional) {
      return unparsed(
        `${name} needs ${parameter.name}, as in ${name}(${parameter.name}=${parameter.example})`,
      );
    }
    const value = text === undefined ? undefined : parameter.parse(text);
    if (value?.ok === false) return unparsed(`${name}: ${value.problem}`);
    values.push(value === undefined ? parameter.byDefault : value.value);
  }
  return parsed(values);
}

function atLeast(value: Parsed<number>, least: number, problem: string): Parsed<number> {
  return value.ok && value.value < least ? unparsed(problem) : value;
}

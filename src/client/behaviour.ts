// How one client reads: the behaviours, as data and as the words people write (`stall(after=100)`). The same language
// serves --cohort and plan files.

import { parseDurationMillis } from '../units/duration.ts';
import { nearestWord } from '../units/nearest.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { parseBytesPerSecond } from '../units/size.ts';

export type Behaviour =
  /** Reads everything at once. */
  | { readonly kind: 'fast' }
  /** Stops reading at the socket, for ever, once it has this many messages. */
  | { readonly kind: 'stall'; readonly afterMessages: number }
  /** Reads at the socket no faster than this. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** Reads for a while, then does not read for a while, again and again. */
  | { readonly kind: 'flap'; readonly readMillis: number; readonly pauseMillis: number }
  /** Reads once, then waits this long before it reads again. */
  | { readonly kind: 'lag'; readonly waitMillis: number }
  /** Resets the connection once it has this many messages. */
  | { readonly kind: 'vanish'; readonly afterMessages: number }
  /** Reads everything and never answers a ping. */
  | { readonly kind: 'never-pong' }
  /**
   * Joins, then neither reads nor writes anything again: a peer that died without a word. Its kernel still answers
   * TCP, which cannot be prevented on loopback.
   */
  | { readonly kind: 'half-open' };

interface Parameter {
  readonly name: string;
  readonly example: string;
  /** The value where the parameter may be left out. */
  readonly byDefault?: number;
  readonly parse: (text: string) => Parsed<number>;
}

interface Word {
  readonly parameters: readonly Parameter[];
  readonly build: (values: readonly number[]) => Behaviour;
}

const duration = (name: string, example: string): Parameter => ({
  name,
  example,
  parse: (text) => atLeast(parseDurationMillis(text), 1, `${name} must be at least 1ms`),
});
const messages = (byDefault: number): Parameter => ({
  name: 'after',
  example: '100',
  byDefault,
  parse: (text) =>
    /^\d+$/.test(text) ? parsed(Number(text)) : unparsed(`after=${text} is not a number of messages`),
});

const WORDS: Readonly<Record<Behaviour['kind'], Word>> = {
  fast: { parameters: [], build: () => ({ kind: 'fast' }) },
  stall: { parameters: [messages(0)], build: ([afterMessages = 0]) => ({ kind: 'stall', afterMessages }) },
  trickle: {
    parameters: [
      {
        name: 'rate',
        example: '1KiB/s',
        parse: (text) => atLeast(parseBytesPerSecond(text), 1, 'rate must be at least 1B/s'),
      },
    ],
    build: ([bytesPerSecond = 0]) => ({ kind: 'trickle', bytesPerSecond }),
  },
  flap: {
    parameters: [duration('read', '2s'), duration('pause', '5s')],
    build: ([readMillis = 0, pauseMillis = 0]) => ({ kind: 'flap', readMillis, pauseMillis }),
  },
  lag: { parameters: [duration('wait', '50ms')], build: ([waitMillis = 0]) => ({ kind: 'lag', waitMillis }) },
  vanish: { parameters: [messages(1)], build: ([afterMessages = 0]) => ({ kind: 'vanish', afterMessages }) },
  'never-pong': { parameters: [], build: () => ({ kind: 'never-pong' }) },
  'half-open': { parameters: [], build: () => ({ kind: 'half-open' }) },
};

export const BEHAVIOUR_WORDS = Object.keys(WORDS) as readonly Behaviour['kind'][];

/** Reads `name` or `name(value, name=value)`; the problem names the nearest word or the parameter. */
export function parseBehaviour(text: string): Parsed<Behaviour> {
  const match = /^\s*([A-Za-z-]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text);
  if (!match) return unparsed(`"${text}" is not a behaviour: write a word such as fast, or stall(after=100)`);
  const [, name = '', list = ''] = match;
  const word = Object.hasOwn(WORDS, name) ? WORDS[name as Behaviour['kind']] : undefined;
  if (!word) {
    const meant = nearestWord(name, BEHAVIOUR_WORDS);
    return unparsed(
      `no behaviour "${name}"${meant ? `; did you mean ${meant}?` : `; there are ${BEHAVIOUR_WORDS.join(', ')}`}`,
    );
  }
  const values = parseArguments(name, list, word.parameters);
  return values.ok ? parsed(word.build(values.value)) : values;
}

function parseArguments(
  name: string,
  list: string,
  parameters: readonly Parameter[],
): Parsed<readonly number[]> {
  const given = new Map<string, string>();
  const items = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  for (const [index, item] of items.entries()) {
    const [, key, value = ''] = /^(?:([A-Za-z-]+)\s*=\s*)?(.*)$/.exec(item) ?? [];
    const parameter = key === undefined ? parameters[index] : parameters.find((one) => one.name === key);
    if (!parameter) {
      const known = parameters.map((one) => one.name).join(', ');
      return unparsed(`${name} takes no "${key ?? item}"${known === '' ? '' : `; it takes ${known}`}`);
    }
    if (given.has(parameter.name)) return unparsed(`${name}: ${parameter.name} is given twice`);
    given.set(parameter.name, value);
  }
  const values: number[] = [];
  for (const parameter of parameters) {
    const text = given.get(parameter.name);
    if (text === undefined && parameter.byDefault === undefined) {
      return unparsed(
        `${name} needs ${parameter.name}, as in ${name}(${parameter.name}=${parameter.example})`,
      );
    }
    const value = text === undefined ? parsed(parameter.byDefault ?? 0) : parameter.parse(text);
    if (!value.ok) return unparsed(`${name}: ${value.problem}`);
    values.push(value.value);
  }
  return parsed(values);
}

function atLeast(value: Parsed<number>, least: number, problem: string): Parsed<number> {
  return value.ok && value.value < least ? unparsed(problem) : value;
}

/** The words that parse to this behaviour. */
export function renderBehaviour(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'stall':
    case 'vanish':
      return `${behaviour.kind}(after=${behaviour.afterMessages})`;
    case 'trickle':
      return `trickle(rate=${behaviour.bytesPerSecond}B/s)`;
    case 'flap':
      return `flap(read=${behaviour.readMillis}ms,pause=${behaviour.pauseMillis}ms)`;
    case 'lag':
      return `lag(wait=${behaviour.waitMillis}ms)`;
    default:
      return behaviour.kind;
  }
}

/** Does it stop taking what the hub sends, so that a correct hub must end it? */
export function mustBeEvicted({ kind }: Behaviour): boolean {
  return kind === 'stall' || kind === 'half-open';
}

/** Does it need a small receive window, for the hub to notice how it reads? */
export function isSlow({ kind }: Behaviour): boolean {
  return kind === 'stall' || kind === 'half-open' || kind === 'trickle' || kind === 'flap';
}

// The small language of faults, shared by --fault, plans and scenarios: a word and its parameters, such as
// `freeze at=20s for=3s` or `drop at=10s share=30% every=30s`.
import { parseDurationMillis } from '../../units/duration.ts';
import { parseQuantity } from '../../units/number.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { parseBytesPerSecond } from '../../units/size.ts';
import { didYouMean } from '../../units/suggest.ts';
import type { Fault, FaultAction, FaultKind } from './fault.ts';
import { type FaultWord, splitWords } from './fault-words.ts';

interface Parameter {
  readonly example: string;
  /** The value where it may be left out. */
  readonly byDefault?: number;
  readonly parse: (text: string) => Parsed<number>;
}

type Values = Readonly<Record<string, number>>;

interface Word {
  /** When and where; by default what most faults take. */
  readonly timing?: Readonly<Record<string, Parameter>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly build: (values: Values, command: string) => FaultAction;
}

const duration = (example: string, leastMillis = 1): Parameter => ({
  example,
  parse: (text) => atLeast(parseDurationMillis(text), leastMillis, `it must be at least ${leastMillis}ms`),
});
const AT = duration('15s', 0);
const EVERY: Parameter = { ...duration('30s'), byDefault: 0 };
const TARGET: Parameter = { example: '2', byDefault: 0, parse: parseTarget };
const needed = ({ example, parse }: Parameter): Parameter => ({ example, parse });
const LASTING = { for: duration('5s') };

const WORDS: Readonly<Record<FaultKind, Word>> = {
  restart: { parameters: {}, build: () => ({ kind: 'restart' }) },
  kill: { parameters: {}, build: () => ({ kind: 'kill' }) },
  freeze: {
    parameters: { for: duration('3s') },
    build: ({ for: forMillis = 0 }) => ({ kind: 'freeze', forMillis }),
  },
  drop: {
    parameters: { share: { example: '30%', byDefault: 1, parse: parseShare } },
    build: ({ share = 1 }) => ({ kind: 'drop', share }),
  },
  partition: { parameters: LASTING, build: ({ for: forMillis = 0 }) => ({ kind: 'partition', forMillis }) },
  latency: {
    parameters: { ...LASTING, add: duration('50ms') },
    build: ({ for: forMillis = 0, add: addMillis = 0 }) => ({ kind: 'latency', forMillis, addMillis }),
  },
  bandwidth: {
    parameters: {
      ...LASTING,
      rate: {
        example: '64KiB/s',
        parse: (text) => atLeast(parseBytesPerSecond(text), 1, 'it must be at least 1B/s'),
      },
    },
    build: ({ for: forMillis = 0, rate: bytesPerSecond = 0 }) => ({
      kind: 'bandwidth',
      forMillis,
      bytesPerSecond,
    }),
  },
  // For all hubs.
  'rolling-restart': {
    timing: { at: AT, every: EVERY },
    parameters: {},
    build: () => ({ kind: 'rolling-restart' }),
  },
  start: { timing: { at: AT, target: needed(TARGET) }, parameters: {}, build: () => ({ kind: 'start' }) },
  exec: {
    parameters: { for: { ...duration('30s', 0), byDefault: 0 } },
    build: ({ for: forMillis = 0 }, command) => ({ kind: 'exec', command, forMillis }),
  },
};

const FAULT_WORDS = Object.keys(WORDS) as readonly FaultKind[];

/** Reads `WORD at=TIME …`; the problem names the nearest word or the parameter. */
export function parseFault(written: string): Parsed<Fault> {
  const read = readFault(
    written,
    FAULT_WORDS,
    ({ timing = { at: AT, every: EVERY, target: TARGET } }) => timing,
  );
  if (!read.ok) return read;
  const { action, words, values } = read.value;
  const { at: atMillis = 0, every: everyMillis = 0, target = 0 } = values;
  const lastsMillis = 'forMillis' in action ? action.forMillis : 0;
  if (everyMillis > 0 && everyMillis <= lastsMillis)
    return unparsed(
      `${action.kind}: every= must be longer than for=, so that one is over when the next begins`,
    );
  return parsed({
    written: written.trim(),
    text: words.flatMap(({ name, text }) => (name === 'at' || name === 'every' ? [] : [text])).join(' '),
    atMillis,
    ...(everyMillis > 0 && { everyMillis }),
    ...(target > 0 && { target }),
    ...action,
  });
}

/** Reads a fault whose time stands elsewhere, such as `freeze for=3s`. `kinds`: those that are possible there. */
export function parseTimelessFault<K extends FaultKind>(
  written: string,
  kinds: readonly K[],
): Parsed<Extract<FaultAction, { kind: K }>> {
  const read = readFault(written, kinds, () => ({}));
  return read.ok ? parsed(read.value.action as Extract<FaultAction, { kind: K }>) : read;
}

function readFault(
  written: string,
  kinds: readonly FaultKind[],
  timingOf: (word: Word) => Readonly<Record<string, Parameter>>,
): Parsed<{ readonly action: FaultAction; readonly words: readonly FaultWord[]; readonly values: Values }> {
  const words = splitWords(written);
  if (!words.ok) return words;
  const [first = { name: '', value: undefined }, ...rest] = words.value;
  const isExec = first.name === 'exec';
  const kind = kinds.find((one) => one === first.name);
  if (kind === undefined || (first.value !== undefined && !isExec))
    return unparsed(`no fault "${first.name}"${didYouMean(first.name, kinds)}`);
  if (isExec && !first.value)
    return unparsed(`exec needs a command, as in exec='kubectl rollout restart deployment/hub' at=15s`);
  const word = WORDS[kind];
  const values = parseValues(kind, rest, { ...timingOf(word), ...word.parameters });
  if (!values.ok) return values;
  return parsed({
    action: word.build(values.value, first.value ?? ''),
    words: words.value,
    values: values.value,
  });
}

function parseValues(
  fault: string,
  given: readonly { readonly name: string; readonly value: string | undefined }[],
  parameters: Readonly<Record<string, Parameter>>,
): Parsed<Values> {
  const values: Record<string, number> = {};
  for (const { name, value = '' } of given) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined)
      return unparsed(
        `${fault} takes no "${name}" here; it takes ${Object.keys(parameters).join(', ') || 'nothing'}`,
      );
    if (name in values) return unparsed(`${fault}: ${name}= is given twice`);
    const read = parameter.parse(value);
    if (!read.ok) return unparsed(`${fault}: ${name}=${value}: ${read.problem}`);
    values[name] = read.value;
  }
  for (const [name, { example, byDefault }] of Object.entries(parameters)) {
    if (name in values) continue;
    if (byDefault === undefined) return unparsed(`${fault} needs ${name}=, as in ${name}=${example}`);
    values[name] = byDefault;
  }
  return parsed(values);
}

function parseShare(text: string): Parsed<number> {
  const share = parseQuantity(text, { noun: 'share', example: '30%', factors: { '%': 0.01 } });
  return share.ok && (share.value <= 0 || share.value > 1)
    ? unparsed('expected a share above 0% and up to 100%')
    : share;
}

function parseTarget(text: string): Parsed<number> {
  return /^[1-9]\d{0,2}$/.test(text)
    ? parsed(Number(text))
    : unparsed('expected the number of a hub, such as 1 for the first');
}

function atLeast(value: Parsed<number>, least: number, problem: string): Parsed<number> {
  return value.ok && value.value < least ? unparsed(problem) : value;
}

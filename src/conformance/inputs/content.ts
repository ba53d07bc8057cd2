// What the events of a program say: types, content by class, sizes, and the form of their JSON. Everything follows from
// the seed of the program. Numbers are exact in a double, and strings are whole Unicode: any correct hub can carry them.
import { createRandom, type Random } from '../../kit/random.ts';
import { DOCUMENTED_EVENT_TYPES } from '../../protocol/envelope.ts';
import type { EventShape } from '../../session/series.ts';
import { edgeBytes } from './edge-lengths.ts';
import { nameOf } from './names.ts';

type Payload = Record<string, unknown>;

const DOCUMENTED: Readonly<Record<string, (at: number) => Payload>> = {
  'deploy.step': (at) => ({
    step: 'build',
    sagaId: `saga-${at}`,
    status: ['running', 'complete', 'failed'][at % 3],
  }),
  'deploy.progress': (at) => ({ sagaId: `saga-${at}`, message: `${at} of 3 allocations healthy` }),
  'deploy.completed': (at) => ({ sagaId: `saga-${at}`, imageTag: `v1.${at}.0` }),
  'deploy.failed': (at) => ({ sagaId: `saga-${at}`, error: `exit status ${at}` }),
  'app.restarted': (at) => ({ sagaId: `saga-${at}` }),
  'app.scaled': (at) => ({ sagaId: `saga-${at}`, group: 'web', count: at }),
  'function.completed': (at) => ({ executionId: `run-${at}`, status: 'complete' }),
};
const UNKNOWN_TYPES = ['alloc.health', 'norn.custom-event_2', 'X', 'cron.triggered'];

export interface ContentChoice {
  readonly types: string;
  readonly apps: string;
  readonly content: string;
  readonly sizes: string;
  readonly paddingBytes: number;
  readonly seed: number;
}

/** The event at place `at` of the program. */
export function shapeEvent(choice: ContentChoice, at: number): EventShape {
  const random = createRandom(choice.seed + Math.imul(at, 2_654_435), 'event');
  const isSame = choice.content === 'same again';
  const place = isSame ? 7 : at;
  const type = typeOf(choice.types, place);
  const fields = Object.hasOwn(DOCUMENTED, type) ? DOCUMENTED[type]?.(place) : { message: `event ${place}` };
  const extra = isSame ? {} : contentOf(choice.content, random, at);
  const padding = paddingOf(choice, random, at);
  return {
    type,
    ...appIdOf(choice, random, place),
    payload: { ...fields, ...extra, ...(padding === '' ? {} : { zPadding: padding }) },
    ...(choice.sizes === 'edges' ? { textBytes: edgeBytes(choice.paddingBytes, choice.seed, at) } : {}),
  };
}

function appIdOf({ apps, content }: ContentChoice, random: Random, at: number): Pick<EventShape, 'appId'> {
  const appId = nameOf(apps, at);
  if (appId !== undefined) return { appId };
  if (content === 'identifiers') return { appId: pick(IDENTIFIERS, at) };
  return content === 'random' ? { appId: randomText(random, random.between(4, 40)) } : {};
}

function typeOf(types: string, at: number): string {
  const type = nameOf(types, at);
  if (type !== undefined) return type;
  if (types === 'unknown') return UNKNOWN_TYPES[at % UNKNOWN_TYPES.length] as string;
  if (types === 'documented')
    return DOCUMENTED_EVENT_TYPES[at % DOCUMENTED_EVENT_TYPES.length] ?? 'deploy.progress';
  if (types === 'mixed')
    return at % 2 === 0
      ? (UNKNOWN_TYPES[(at / 2) % UNKNOWN_TYPES.length] as string)
      : (DOCUMENTED_EVENT_TYPES[at % DOCUMENTED_EVENT_TYPES.length] as string);
  return 'deploy.progress';
}

function paddingOf({ sizes, paddingBytes, content }: ContentChoice, random: Random, at: number): string {
  if (sizes === 'edges') return '';
  const bytes =
    sizes === 'growing'
      ? Math.min(paddingBytes, at * 3)
      : sizes === 'alternating' && at % 2 === 1
        ? 0
        : paddingBytes;
  if (bytes === 0) return '';
  if (content === 'random') return randomText(random, Math.ceil(bytes * CHARS_PER_BYTE));
  if (content === 'base64') return base64(random, bytes);
  return 'x'.repeat(bytes);
}

/** Text of so many characters that has six random bits in each. */
export function base64(random: Random, chars: number): string {
  return random
    .bytes(Math.ceil((chars * 3) / 4))
    .toString('base64')
    .slice(0, chars);
}

/** Of random text: characters of one byte, the others take two. */
const NARROW_SHARE = 0.6;
const CHARS_PER_BYTE = 1 / (2 - NARROW_SHARE);

const IDENTIFIERS = ['0042', 'true', 'null', 'My.App/EU_1 (Ärzte) ', '1e3', 'a'.repeat(100), ''];
const NUMBERS = [
  0,
  1,
  -1,
  42,
  3.5,
  -0.25,
  1e21,
  1e-7,
  0.1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
  5e-324,
  1.7976931348623157e308,
  1_700_000_000_000,
  0.30000000000000004,
];
const SCRIPTS = [
  'Grüße, naïve façade',
  'e\u0301 e\u0308 \u00e9 \u212b \u00c5',
  'αβγ Привет שלום مرحبا',
  '部署完成 デプロイ 배포 \u1100\u1161\u11a8',
  '\u{1f680}\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1d4d0}\u{10ffff}',
  '\ufeffbom \u200d\u200b\u00ad\u2060',
  '\u202eright to left\u202c',
  '\ud7ff\ue000\ufffd\ufdd0',
  'ﬁ ½ ² Ⅷ ﷺ',
];
const ESCAPES = [
  'she said "no" and left C:\\temp\\new',
  'tab\there\nline\r\nbell\u0007 \u001b[31mred\u001b[0m nul\u0000 del\u007f',
  '<script>alert("&amp; \'x\'")</script> &lt;',
  'a\u2028b\u2029c\u0085d',
  '\\u003c \\" \\\\ \\n',
  '{"type":"deploy.failed"}',
  '%s %d $HOME {{y}} $1 \\1 a%20b+c',
  '  blanks \n',
];

function pick<T>(from: readonly T[], at: number): T {
  return from[at % from.length] as T;
}

function contentOf(content: string, random: Random, at: number): Payload {
  switch (content) {
    case 'numbers':
      return {
        n: pick(NUMBERS, at),
        list: NUMBERS,
        at,
        ratio: random.next(),
        big: random.between(0, 2 ** 40),
      };
    case 'dates':
      return inEachPlace({
        at: '2026-01-02T03:04:05Z',
        zoned: '2026-01-02T03:04:05.678+02:00',
        day: '2026-02-30',
        took: '1h2m3s',
      });
    case 'special keys':
      return inEachPlace(specialKeys());
    case 'keys by case':
      return {
        state: 'a',
        State: 'b',
        STATE: 'c',
        nested: { id: 1, ID: 2, Id: 3 },
        SagaID: 'other',
        Message: 'm',
      };
    case 'deep':
      return { deep: nest(random.between(5, 60)) };
    case 'very deep':
      return { deep: nest(random.between(61, 300)) };
    case 'wide':
      return Object.fromEntries(
        Array.from({ length: random.between(100, 400) }, (_, n) => [`f${n}`, `${n}`]),
      );
    case 'unicode':
      return { text: pick(SCRIPTS, at), all: SCRIPTS, [pick(SCRIPTS, at)]: 'key' };
    case 'escapes':
      return { text: pick(ESCAPES, at), all: ESCAPES, [pick(ESCAPES, at)]: 'key' };
    case 'base64':
      return { data: random.bytes(random.between(1, 200)).toString('base64') };
    case 'random':
      return {
        [randomText(random, random.between(1, 12))]: randomText(random, random.between(1, 80)),
        message: randomText(random, random.between(4, 2_500)),
      };
    case 'identifiers': {
      const [one, next] = [pick(IDENTIFIERS, at), pick(IDENTIFIERS, at + 1)];
      return {
        id: one,
        done: 'true',
        failed: 'false',
        nothing: 'null',
        sagaId: next,
        executionId: next,
        list: IDENTIFIERS,
      };
    }
    case 'empty':
      return inEachPlace({
        ...{ text: '', none: {}, list: [], zero: 0, no: false, nothing: null },
        inner: [null, '', {}, []],
      });
    default:
      return {};
  }
}

const SPECIAL_KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'],
  ...['', ' ', '0', 'a.b', '$ref', '@id'],
];
const specialKeys = (): Payload => Object.fromEntries(SPECIAL_KEYS.map((name, at) => [name, `v${at}`]));

/** As fields of the payload, nested, and inside of a list: hubs may treat each place in another way. */
function inEachPlace(fields: Payload): Payload {
  return { ...fields, data: fields, items: [fields] };
}

function nest(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { n: value } : [value];
  return value;
}

/** Hardly compressible: characters of one and of two bytes. */
export function randomText(random: Random, chars: number): string {
  return Array.from({ length: chars }, () => {
    const [from, to] = random.next() < NARROW_SHARE ? [0x21, 0x7e] : [0xa1, 0x7ff];
    return String.fromCodePoint(random.between(from, to));
  }).join('');
}

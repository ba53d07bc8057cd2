// Envelope: a value arrives changed, because the hub decodes events and encodes them again (B20, B30, B31, B32).
import type { Defect } from '../../defect.ts';
import { encodesAs } from '../shared-changes.ts';

const POOL_BUFFERS = 4;
const ESCAPED_BYTE = /%([2-7][0-9a-f])/gi;
const LIST_OF_TEXTS = /\["[^"\\]*"(?:,"[^"\\]*")*\]/g;
const DATE_WITH_OFFSET = /(?<=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d(?=")/g;
const BOOLEANS = new Map<unknown, unknown>([
  ['true', true],
  ['false', false],
]);

const toInt32 = (value: unknown): unknown => (Number.isInteger(value) ? (value as number) | 0 : value);
const lowercaseValue = (field: string): string => field.replace(/:.*/s, (value) => value.toLowerCase());
const withoutRepeats = (list: string): string =>
  JSON.stringify([...new Set(JSON.parse(list) as readonly string[])]);

/** Changes every field of the payload, but nothing nested: as a hub does that decodes payloads into a struct. */
function changePayloadFields(text: string, change: (value: unknown) => unknown): string {
  const { payload, ...rest } = JSON.parse(text);
  const changed = Object.entries(payload).map(([name, value]) => [name, change(value)]);
  return JSON.stringify({ ...rest, payload: Object.fromEntries(changed) });
}

/** As a program copies an object field by field: a key that JavaScript treats as special is not copied. */
function copyFields(text: string): string {
  const { payload, ...rest } = JSON.parse(text);
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(payload)) copy[name] = value;
  return JSON.stringify({ ...rest, payload: copy });
}

export const VALUES_CHANGED: readonly Defect[] = [
  {
    id: 'special-key-not-copied',
    bugClass: 'B30',
    summary: 'a payload field named __proto__ disappears',
    severity: 'medium',
    namedBy: { 'envelope.special-keys': 'fail' },
    change: encodesAs(copyFields),
  },
  // As in configuration files.
  {
    id: 'truths-from-text',
    bugClass: 'B30',
    summary: 'the strings "true" and "false" arrive as booleans',
    severity: 'medium',
    namedBy: { 'envelope.identifiers': 'fail' },
    change: encodesAs((text) => changePayloadFields(text, (value) => BOOLEANS.get(value) ?? value)),
  },
  // Payloads are decoded into a map of strings to strings.
  {
    id: 'numbers-as-text',
    bugClass: 'B31',
    summary: 'numbers in a payload arrive as strings',
    severity: 'medium',
    namedBy: { 'envelope.numbers': 'fail' },
    change: encodesAs((text) =>
      JSON.stringify(JSON.parse(text, (_key, value) => (typeof value === 'number' ? String(value) : value))),
    ),
  },
  // The event is decoded into floating point: 9007199254740993 arrives as ...992.
  {
    id: 'number-precision',
    bugClass: 'B32',
    summary: 'whole numbers beyond 2^53 arrive changed',
    severity: 'medium',
    namedBy: { 'envelope.big-integers': 'warn' },
    change: encodesAs((text) => JSON.stringify(JSON.parse(text))),
  },
  // The fields of a payload are decoded into a struct with 32-bit integers; nested numbers keep their value.
  {
    id: 'counts-in-32-bits',
    bugClass: 'B32',
    summary: 'a count or a time in milliseconds beyond 2^31 arrives as another number',
    severity: 'medium',
    namedBy: { 'envelope.numbers': 'fail' },
    change: encodesAs((text) => changePayloadFields(text, toInt32)),
  },
  // Identifiers are lowercased for a comparison, and sent like that.
  {
    id: 'names-in-small-letters',
    bugClass: 'B30',
    summary: 'appId and sagaId arrive in lowercase',
    severity: 'medium',
    namedBy: { 'envelope.identifiers': 'fail' },
    change: encodesAs((text) => text.replace(/"(appId|sagaId)":"[^"]*"/g, lowercaseValue)),
  },
  // The documented types are lowercase already.
  {
    id: 'types-in-small-letters',
    bugClass: 'B30',
    summary: 'an event type with capital letters arrives in lowercase',
    severity: 'medium',
    namedBy: { 'envelope.unknown-types': 'fail' },
    change: encodesAs((text) => text.replace(/"type":"[^"]*"/, (field) => field.toLowerCase())),
  },
  // Writing `<` as \u003c, as Go does, is right: it is the same value.
  {
    id: 'html-escaped',
    bugClass: 'B30',
    summary: 'the characters < > & in values arrive as HTML entities',
    severity: 'medium',
    namedBy: { 'envelope.escapes': 'fail' },
    change: encodesAs((text) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    ),
  },
  // UTF-8 is read as Latin-1 and encoded again. ASCII events are right.
  {
    id: 'mojibake',
    bugClass: 'B30',
    summary: 'letters beyond ASCII arrive garbled',
    severity: 'medium',
    namedBy: { 'envelope.unicode': 'fail', 'envelope.generated': 'fail' },
    change: encodesAs((text) => Buffer.from(text, 'utf8').toString('latin1')),
  },
  // The event is decoded like a form, which leaves most texts unchanged.
  {
    id: 'percent-decoded',
    bugClass: 'B30',
    summary: 'a percent sign and two hex digits in a value are decoded',
    severity: 'medium',
    namedBy: { 'envelope.escapes': 'fail' },
    change: encodesAs((text) =>
      text.replace(ESCAPED_BYTE, (_whole, digits) =>
        JSON.stringify(String.fromCharCode(Number.parseInt(digits, 16))).slice(1, -1),
      ),
    ),
  },
  // str.splitlines() splits at U+2028, U+0085 and others, too. Single events come as JSON, and are taken.
  {
    id: 'splits-at-line-separator',
    bugClass: 'B31',
    summary: 'NDJSON is split at U+2028 inside a string, and what is then no JSON is skipped',
    severity: 'medium',
    namedBy: { 'envelope.escapes': 'fail' },
    change: (_hub, correct) => ({
      async publish(texts, request) {
        const isSplit = request?.headers['content-type']?.includes('ndjson') === true;
        const taken = texts.filter((text) => !isSplit || !text.includes('\u2028'));
        if (taken.length === 0) return { status: 202, body: { accepted: 0 } };
        return correct.publish(taken, request);
      },
    }),
  },
  {
    id: 'lists-made-sets',
    bugClass: 'B30',
    summary: 'a string that appears twice in a list arrives once',
    severity: 'medium',
    namedBy: { 'envelope.nested-values': 'fail' },
    change: encodesAs((text) => text.replace(LIST_OF_TEXTS, withoutRepeats)),
  },
  // Decoded into a type of its own for what looks like a time.
  {
    id: 'offsets-in-utc',
    bugClass: 'B31',
    summary: 'a date with an offset arrives in UTC',
    severity: 'medium',
    namedBy: { 'envelope.generated': 'fail' },
    change: encodesAs((text) => text.replace(DATE_WITH_OFFSET, (date) => new Date(date).toISOString())),
  },
  // Messages are encoded into a pooled buffer that is reused while queued. A reader that keeps up sees nothing.
  {
    id: 'shared-buffer',
    bugClass: 'B20',
    summary: 'events queued for a slow reader show the content of later events',
    severity: 'high',
    namedBy: { 'envelope.queued-not-mixed': 'fail' },
    change(_hub, correct) {
      const poolByBytes = new Map<number, Buffer[]>();
      let encoded = 0;
      return {
        encode(text) {
          const frame = correct.encode(text);
          const pool = poolByBytes.get(frame.length) ?? [];
          poolByBytes.set(frame.length, pool);
          const slot = pool[encoded % POOL_BUFFERS] ?? Buffer.alloc(frame.length);
          pool[encoded % POOL_BUFFERS] = slot;
          encoded += 1;
          frame.copy(slot);
          return slot;
        },
      };
    },
  },
];

// Blanks private values of an event before it is written. Texts keep their length, so that sizes stay true.
import type { Envelope } from '../../protocol/envelope.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

/** `payload.message` or `payload.*`: the names from the envelope down; `*` is every name. */
export type RedactPath = readonly string[];

export function parseRedactPath(text: string): Parsed<RedactPath> {
  const path = text.split('.');
  if (path.some((name) => name === ''))
    return unparsed(`"${text}" is not a path: write names separated by dots, such as payload.message`);
  if (path[0] === 'type' || path[0] === '*')
    return unparsed(`"${text}" would remove the event types: start with appId or payload`);
  if (path[0] !== 'appId' && path[0] !== 'payload')
    return unparsed(`"${text}" is not part of an envelope: start with appId or payload`);
  if (text === 'payload') return unparsed('"payload" alone would remove the payload: write payload.*');
  return parsed(path);
}

export function redact(envelope: Envelope, paths: readonly RedactPath[]): Envelope {
  return paths.reduce<unknown>((value, path) => redactAt(value, path), envelope) as Envelope;
}

function redactAt(value: unknown, [name, ...rest]: RedactPath): unknown {
  if (name === undefined) return blank(value);
  if (Array.isArray(value)) return value.map((one) => redactAt(one, [name, ...rest]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      name === '*' || name === key ? redactAt(inner, rest) : inner,
    ]),
  );
}

function blank(value: unknown): unknown {
  if (typeof value === 'string') return 'x'.repeat(value.length);
  if (typeof value === 'number') return 0;
  if (Array.isArray(value)) return value.map(blank);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, blank(inner)]));
}

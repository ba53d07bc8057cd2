// A check sum over what an event says, not over its bytes: hubs may write the same JSON in other words (escapes, field
// order, spaces), and a delivery is corrupted only when it says something else than what was published.
import type { Envelope } from './envelope.ts';
import { hashNumber, hashText, hexDigits, mixHashes } from './hash.ts';
import { encodeProbe, PROBE_FIELD, type Probe } from './probe.ts';

// A hub's JSON may be nested deeper than the stack is; nothing in an event of the kit is.
const MAX_DEPTH = 200;
const SEEDS = { null: 1, false: 2, true: 3, number: 4, string: 5, array: 6, object: 7, tooDeep: 8 } as const;

/** 32 bits over a parsed JSON value: the same for every encoding of it, whatever the order of its fields. */
export function contentHash(value: unknown, depth = 0): number {
  if (typeof value === 'string') return hashText(value, SEEDS.string);
  if (typeof value === 'number') return hashNumber(value, SEEDS.number);
  if (typeof value === 'boolean') return value ? SEEDS.true : SEEDS.false;
  if (typeof value !== 'object' || value === null) return SEEDS.null;
  if (depth > MAX_DEPTH) return SEEDS.tooDeep;
  if (!Array.isArray(value)) return fieldsHash(value as Record<string, unknown>, undefined, depth);
  let hash: number = SEEDS.array;
  for (const element of value) hash = mixHashes(hash, contentHash(element, depth + 1));
  return hash;
}

// The sum does not depend on the order of the fields, which a hub may change.
function fieldsHash(
  fields: Readonly<Record<string, unknown>>,
  left: string | undefined,
  depth: number,
): number {
  let sum: number = SEEDS.object;
  for (const key of Object.keys(fields)) {
    if (key === left) continue;
    sum = (sum + mixHashes(hashText(key, SEEDS.object), contentHash(fields[key], depth + 1))) | 0;
  }
  return sum;
}

/** Eight hex digits over the documented fields of an envelope without its probe: top-level fields a hub adds are its own. */
export function contentCheck(envelope: Envelope): string {
  const named = mixHashes(contentHash(envelope.type), contentHash(envelope.appId));
  return hexDigits(mixHashes(named, fieldsHash(envelope.payload, PROBE_FIELD, 1)) >>> 0, 8);
}

/** The event to publish as JSON text: the envelope with its probe, and in the probe the check of its content. */
export function stampEvent(envelope: Envelope, probe: Omit<Probe, 'contentCheck'>): string {
  const stamp = encodeProbe({ ...probe, contentCheck: contentCheck(envelope) });
  return JSON.stringify({ ...envelope, payload: { ...envelope.payload, [PROBE_FIELD]: stamp } });
}

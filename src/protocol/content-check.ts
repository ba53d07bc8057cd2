// A check sum over what an event says, not over its bytes: hubs may write the same JSON in other words (escapes, field
// order, spaces), and a delivery is corrupted only when it says something else than what was published.
import type { Envelope } from './envelope.ts';
import { hexDigits, textHash } from './hash.ts';
import { encodeProbe, PROBE_FIELD, type Probe } from './probe.ts';

// A hub's JSON may be nested deeper than the stack is; nothing in an event of the kit is.
const MAX_DEPTH = 200;

/** The same text for every JSON encoding of the same value: keys sorted, no spaces. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth > MAX_DEPTH) return '"(nested too deep)"';
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element, depth + 1)).join()}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const written = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key], depth + 1)}`);
  return `{${written.join()}}`;
}

/** Eight hex digits over the documented fields of an envelope without its probe: top-level fields a hub adds are its own. */
export function contentCheck(envelope: Envelope): string {
  const payload: Record<string, unknown> = { ...envelope.payload };
  delete payload[PROBE_FIELD];
  const content = canonicalJson({ type: envelope.type, appId: envelope.appId, payload });
  return hexDigits(textHash(content), 8);
}

/** The event to publish as JSON text: the envelope with its probe, and in the probe the check of its content. */
export function stampEvent(envelope: Envelope, probe: Omit<Probe, 'contentCheck'>): string {
  const stamp = encodeProbe({ ...probe, contentCheck: contentCheck(envelope) });
  return JSON.stringify({ ...envelope, payload: { ...envelope.payload, [PROBE_FIELD]: stamp } });
}

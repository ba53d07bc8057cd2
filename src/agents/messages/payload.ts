// Messages as JSON. What workers and their coordinator exchange also has maps, arrays of numbers, bytes and numbers without end, which
// JSON lacks; here they have a key that no message uses. A coordinator reads some ten messages a second of each agent (the bench `agents`).
const TAG = '$norn';
const QUOTED_TAG = JSON.stringify(TAG);

type Tagged =
  | { readonly [TAG]: 'map'; readonly entries: [unknown, unknown][] }
  | { readonly [TAG]: 'set'; readonly values: unknown[] }
  | { readonly [TAG]: 'floats'; readonly base64: string }
  | { readonly [TAG]: 'bytes'; readonly base64: string }
  | { readonly [TAG]: 'number'; readonly text: string };

export function encodePayload(value: unknown): Buffer {
  if (isPlain(value)) return Buffer.from(JSON.stringify(value));
  return Buffer.from(
    JSON.stringify(value, function (this: Record<string, unknown>, key) {
      // Buffers become objects before a replacer sees them.
      return tag(this[key]);
    }),
  );
}

/** Throws for what is not such a message. */
export function decodePayload(payload: Uint8Array): unknown {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
  if (!text.includes(QUOTED_TAG)) return JSON.parse(text);
  return JSON.parse(text, (_, value) =>
    typeof value === 'object' && value !== null && TAG in value ? untag(value as Tagged) : value,
  );
}

/** What JSON has: most messages. Others take several times as long, as each value in them goes through a function. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.values(value).every(isPlain);
}

function tag(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { [TAG]: 'number', text: String(value) };
  if (value instanceof Map) return { [TAG]: 'map', entries: [...value] };
  if (value instanceof Set) return { [TAG]: 'set', values: [...value] };
  if (value instanceof Float64Array) return { [TAG]: 'floats', base64: base64Of(value) };
  if (value instanceof Uint8Array) return { [TAG]: 'bytes', base64: base64Of(value) };
  return value;
}

function untag(value: Tagged): unknown {
  switch (value[TAG]) {
    case 'map':
      return new Map(value.entries);
    case 'set':
      return new Set(value.values);
    case 'number':
      return Number(value.text);
    case 'bytes':
      return Buffer.from(value.base64, 'base64');
    case 'floats': {
      // A copy, as its bytes must be aligned.
      const bytes = new Uint8Array(Buffer.from(value.base64, 'base64'));
      return new Float64Array(bytes.buffer, 0, bytes.byteLength / Float64Array.BYTES_PER_ELEMENT);
    }
  }
}

function base64Of({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}

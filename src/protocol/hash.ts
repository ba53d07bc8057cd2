// Hashes that tell accidents apart, not attackers: of event content, and of frames no longer held for comparison.

/** Two mixed 32-bit lanes over UTF-16 units, as one number below 2^53: equal texts give equal numbers. */
export function textHash(text: string): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2_654_435_761);
    other = Math.imul(other ^ unit, 1_597_334_677);
  }
  return joinLanes(one, other);
}

/** The same over bytes `start` to `end`. */
export function bytesHash(bytes: Uint8Array, start: number, end: number): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let at = start; at < end; at++) {
    const unit = bytes[at] as number;
    one = Math.imul(one ^ unit, 2_654_435_761);
    other = Math.imul(other ^ unit, 1_597_334_677);
  }
  return joinLanes(one, other);
}

function joinLanes(one: number, other: number): number {
  const first =
    Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  const second =
    Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909);
  return (second & 0x1f_ffff) * 2 ** 32 + (first >>> 0);
}

/** The last `digits` hex digits of a number. */
export function hexDigits(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

// Hashes that tell accidents apart, not attackers: of event content, and of frames no longer held for comparison.
import { crc32 } from 'node:zlib';

const PRIME = 2_654_435_761;
const OTHER_PRIME = 1_597_334_677;

/** Longer texts are summed by native code, which for short ones costs more than it saves. */
const LONG_TEXT_UNITS = 256;

/** 32 bits over the UTF-16 units of a text; equal texts give equal numbers. */
export function hashText(text: string, seed: number): number {
  let hash = seed ^ text.length;
  if (text.length > LONG_TEXT_UNITS) return mixHashes(hash, crc32Of(text));
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return finished(hash);
}

// The padding of large events is the same text again and again, and comparing it costs a tenth of summing it.
let lastText = '';
let lastCrc32 = 0;

function crc32Of(text: string): number {
  if (text !== lastText) [lastText, lastCrc32] = [text, crc32(text)];
  return lastCrc32;
}

export function hashNumber(value: number, seed: number): number {
  if ((value | 0) === value) return mixHashes(seed, value | 0);
  return hashText(String(value), seed);
}

/** One hash of two, in this order. */
export function mixHashes(one: number, other: number): number {
  return finished(Math.imul(one ^ 0x41c6ce57, PRIME) ^ Math.imul(other, OTHER_PRIME));
}

/** 53 bits over the bytes `start` to `end`. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let at = start; at < end; at++) {
    const unit = bytes[at] as number;
    one = Math.imul(one ^ unit, PRIME);
    other = Math.imul(other ^ unit, OTHER_PRIME);
  }
  const low = finished(one ^ (other >>> 13));
  const high = finished(other ^ (low >>> 13));
  return (high & 0x1f_ffff) * 2 ** 32 + (low >>> 0);
}

// The low bits of a product depend on the low bits of its factors only; this spreads the high ones.
function finished(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  const whole = Math.imul(half ^ (half >>> 13), 3_266_489_909);
  return whole ^ (whole >>> 16);
}

/** The last `digits` hex digits of a number that is not negative. */
export function hexDigits(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

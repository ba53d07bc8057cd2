// Durations: `250ms`, `1.5s`, `5m`, `1h` to milliseconds and back.
import { parseQuantity } from './number.ts';
import { type Parsed, parsed, unparsed } from './parsed.ts';

/** The longest duration: a timer of Node's that is set for more than 2^31 - 1 ms fires at once. */
const MAX_DURATION_MILLIS = 24 * 24 * 3_600_000;

/** Milliseconds in a duration as people write it, up to 576h; `0` needs no unit. */
export function parseDurationMillis(text: string): Parsed<number> {
  if (text.trim() === '0') return parsed(0);
  const millis = parseQuantity(text, {
    noun: 'duration',
    example: '500ms or 30s',
    factors: { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
  });
  if (millis.ok && millis.value > MAX_DURATION_MILLIS)
    return unparsed(`"${text}" is too long a duration: the longest is 576h, which is 24 days`);
  return millis;
}

/** `850 ms`, `1.2 s`, `4 min 10 s`, `16 h 5 min`: for people, few digits. */
export function renderDurationMillis(millis: number): string {
  if (millis < 1) return `${Math.round(millis * 1_000)} µs`;
  if (millis < 10) return `${Number(millis.toFixed(1))} ms`;
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${Number((millis / 1_000).toFixed(1))} s`;
  const seconds = Math.round(millis / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(millis / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1.2 s`, `1.2 s to 3 s`, `more than 11 s` where the end is not known. */
export function renderDurationRange(leastMillis: number, mostMillis: number | null): string {
  const least = renderDurationMillis(leastMillis);
  if (mostMillis === null) return `more than ${least}`;
  return mostMillis === leastMillis ? least : `${least} to ${renderDurationMillis(mostMillis)}`;
}

/** The same for microseconds, as latencies are kept. */
export function renderMicros(micros: number): string {
  return micros < 1_000 ? `${Math.round(micros)} µs` : renderDurationMillis(micros / 1_000);
}

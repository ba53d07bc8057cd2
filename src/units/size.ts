// Sizes and byte rates: `512B`, `4MiB`, `1KiB/s` to bytes and back.
import { parseQuantity } from './number.ts';
import { type Parsed, parsed } from './parsed.ts';

const SIZE_FACTORS = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Whole bytes: `0.3KiB` is 307. */
export function parseSizeBytes(text: string): Parsed<number> {
  const bytes = parseQuantity(text, { noun: 'size', example: '512B or 4MiB', factors: SIZE_FACTORS });
  return bytes.ok ? parsed(Math.round(bytes.value)) : bytes;
}

export function parseBytesPerSecond(text: string): Parsed<number> {
  return parseQuantity(text, {
    noun: 'byte rate',
    example: '1KiB/s',
    factors: Object.fromEntries(
      Object.entries(SIZE_FACTORS).map(([unit, factor]) => [unit === '' ? 'B/s' : `${unit}/s`, factor]),
    ),
  });
}

/** `740 B`, `48 KB`, `3.7 MB`: decimal, for people. */
export function renderBytes(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${round3(bytes / 1e3)} KB`;
  if (bytes < 1e9) return `${round3(bytes / 1e6)} MB`;
  return `${round3(bytes / 1e9)} GB`;
}

function round3(value: number): number {
  return value < 10 ? Number(value.toFixed(1)) : Math.round(value);
}

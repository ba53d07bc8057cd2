// Measurements for people: what each is called, and its value with the unit that its name carries.
import type { Measurement } from '../../conformance/finding.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderBytes } from '../../units/size.ts';

const LABELS: Readonly<Record<string, string>> = {
  clientBufferMessages: 'buffer of a client',
  clientBufferBytes: 'buffer of a client, in bytes',
  overflowPolicy: 'when it is full',
  overflowDelayMillis: 'delay of the others when it is full',
  kickMillis: 'from overflow to disconnection',
  slowestDeliveryMillis: 'slowest delivery beside twenty stalled clients',
  burstToleranceMessages: 'largest burst a healthy reader survives',
  registerRacePercent: 'new clients that miss the next event',
  largestMessageBytes: 'largest event delivered',
  inboundLimitBytes: 'largest message taken from a client',
  serverPingMillis: 'time between pings of the hub',
  originParser: 'parser of origins',
};

const UNITS: readonly (readonly [suffix: string, render: (value: number) => string])[] = [
  ['Messages', (value) => `${renderWhole(value)} messages`],
  ['Bytes', (value) => `${renderWhole(value)} B`],
  ['Millis', renderDurationMillis],
  ['Percent', (value) => `${Number(value.toFixed(2))} %`],
];

/** `kickMillis` as `from overflow to disconnection`; an unknown name as its words, without the unit. */
export function measurementName(name: string): string {
  const known = LABELS[name];
  if (known !== undefined) return known;
  const suffix = unitOf(name)?.[0] ?? '';
  return name
    .slice(0, name.length - suffix.length)
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

/** `64 messages`, `1.0 s (1 s to 1.1 s)`, `not measured: why`, `over 4,999 messages`. */
export function measurementText(name: string, { value, low, high, reason }: Measurement): string {
  const render = (amount: number): string => unitOf(name)?.[1](amount) ?? String(amount);
  if (value === null) {
    const bound = low === undefined ? 'not measured' : `more than ${render(low)}`;
    return `${bound}: ${reason ?? 'no reason given'}`;
  }
  const text = typeof value === 'number' ? render(value) : value;
  const hasRange = low !== undefined && high !== undefined && low !== high;
  const notes = [
    ...(typeof value === 'number' && name.endsWith('Bytes') && value >= 1_000 ? [renderBytes(value)] : []),
    ...(hasRange ? [`${render(low)} to ${render(high)}`] : []),
  ];
  const noted = notes.length === 0 ? text : `${text} (${notes.join('; ')})`;
  return low !== undefined && high === undefined ? `${noted} or more` : noted;
}

function unitOf(name: string): (typeof UNITS)[number] | undefined {
  return UNITS.find(([suffix]) => name.endsWith(suffix));
}

/** `4,096`: every digit, as counts are exact. */
function renderWhole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

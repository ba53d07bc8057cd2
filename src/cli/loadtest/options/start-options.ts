// When a run begins: at a time, or once a file exists or a URL answers, so that several programs begin together.
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { duration, single } from '../../options/option.ts';

const group = 'Load:';

/** A moment as it was written; what it means depends on the clock. */
export interface WrittenTime {
  readonly text: string;
  /** Of today, in local time; undefined for a date. */
  readonly hoursMinutesSeconds: readonly [number, number, number] | undefined;
  /** Since 1970; undefined for a time of today. */
  readonly wallMillis: number | undefined;
}

/** What a start waits for. */
export type StartSignal =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

export const DEFAULT_START_DEADLINE_MILLIS = 10 * 60_000;

export const START_OPTIONS = {
  'start-at': {
    ...single(
      'Connect at this time: 18:30:00 (today, local time) or 2026-12-24T18:30:00Z',
      'TIME',
      parseTime,
    ),
    group,
  },
  'start-when': {
    ...single('Connect once this file exists or this URL answers 2xx', 'FILE|URL', parseSignal),
    group,
  },
  'start-deadline': { ...duration('How long --start-when waits [10m]', 1), group },
} as const;

export function parseTime(text: string): Parsed<WrittenTime> {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hours !== undefined) {
    const parts: [number, number, number] = [Number(hours), Number(minutes), Number(seconds)];
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59)
      return unparsed(`"${text}" is not a time of the day`);
    return parsed({ text, hoursMinutesSeconds: parts, wallMillis: undefined });
  }
  const wallMillis = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(wallMillis))
    return unparsed(`expected a time such as 18:30:00 or 2026-12-24T18:30:00Z, got "${text}"`);
  return parsed({ text, hoursMinutesSeconds: undefined, wallMillis });
}

function parseSignal(text: string): Parsed<StartSignal> {
  if (text === '') return unparsed('expected a file or a URL, got an empty text');
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(text)) return parsed({ kind: 'file', path: text });
  return /^https?:/i.test(text) && URL.canParse(text)
    ? parsed({ kind: 'url', url: text })
    : unparsed(`expected a file or an http or https URL, got "${text}"`);
}

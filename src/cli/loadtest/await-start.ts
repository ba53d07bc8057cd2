// Waits until a run is to begin: for a time, a file or a URL. The wait is shown, has a deadline, and ends when the run is
// interrupted.
import { existsSync } from 'node:fs';
import { redactUserinfo } from '../../kit/secrets.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { StartSignal, WrittenTime } from './options/start-options.ts';

const LOOK_MILLIS = 100;
const ASK_MILLIS = 500;
const ANSWER_DEADLINE_MILLIS = 5_000;
const SHOW_MILLIS = 30_000;
/** The longest wait for a time. */
const WEEK_MILLIS = 7 * 24 * 3_600_000;

export interface Start {
  /** Milliseconds since 1970. */
  readonly atWallMillis?: number | undefined;
  readonly signal?: StartSignal | undefined;
  readonly deadlineMillis: number;
}

export interface StartParts {
  readonly clock: Clock;
  readonly interruption: AbortSignal;
  /** Shows a line. */
  readonly say: (text: string) => void;
  readonly hasFile?: (path: string) => boolean;
  /** Whether the URL answers 2xx. */
  readonly answers?: (url: string, signal: AbortSignal) => Promise<boolean>;
}

/** When that is; a time in the past is refused. */
export function timeOfStart(
  { text, hoursMinutesSeconds, wallMillis }: WrittenTime,
  nowWallMillis: number,
): Parsed<number> {
  const today = new Date(nowWallMillis);
  if (hoursMinutesSeconds) today.setHours(...hoursMinutesSeconds, 0);
  const atMillis = wallMillis ?? today.getTime();
  const aheadMillis = atMillis - nowWallMillis;
  if (aheadMillis < 0) {
    const hint = hoursMinutesSeconds ? '; for another day write a date, such as 2026-12-24T18:30:00' : '';
    return unparsed(`${text} was ${renderDurationMillis(-aheadMillis)} ago${hint}`);
  }
  if (aheadMillis > WEEK_MILLIS) return unparsed(`${text} is more than a week away`);
  return parsed(atMillis);
}

/** Resolves with why the run cannot begin: a signal that did not come in time. Undefined when it can, or was interrupted. */
export async function awaitStart(
  { atWallMillis, signal, deadlineMillis }: Start,
  parts: StartParts,
): Promise<string | undefined> {
  const { clock } = parts;
  if (atWallMillis !== undefined) {
    const restMillis = () => atWallMillis - clock.wallMillis();
    const time = new Date(atWallMillis).toLocaleString('sv-SE');
    await wait(
      parts,
      `for ${time}`,
      async () => restMillis() <= 0,
      () => Math.min(LOOK_MILLIS, restMillis()),
    );
  }
  if (signal === undefined) return undefined;
  const { hasFile = existsSync, answers = answersOk } = parts;
  const what =
    signal.kind === 'file'
      ? `for the file ${signal.path}`
      : `for ${redactUserinfo(signal.url)} to answer 2xx`;
  const untilMicros = clock.nowMicros() + deadlineMillis * 1e3;
  let hasCome = false;
  const look = async () => {
    hasCome = signal.kind === 'file' ? hasFile(signal.path) : await answers(signal.url, parts.interruption);
    return hasCome || clock.nowMicros() >= untilMicros;
  };
  await wait(parts, what, look, () => (signal.kind === 'file' ? LOOK_MILLIS : ASK_MILLIS));
  if (hasCome || parts.interruption.aborted) return undefined;
  return `waited ${renderDurationMillis(deadlineMillis)} ${what}, which did not come; start it, or give it longer with --start-deadline`;
}

async function wait(
  { clock, interruption, say }: StartParts,
  what: string,
  isOver: () => Promise<boolean>,
  restMillis: () => number,
): Promise<void> {
  const startMicros = clock.nowMicros();
  let shownMicros = startMicros;
  if (interruption.aborted || (await isOver())) return;
  say(`waiting ${what}`);
  while (!interruption.aborted && !(await isOver())) {
    await pause(clock, Math.max(1, restMillis()), interruption);
    if (clock.nowMicros() < shownMicros + SHOW_MILLIS * 1e3) continue;
    shownMicros = clock.nowMicros();
    say(`waiting ${what}, for ${renderDurationMillis((shownMicros - startMicros) / 1e3)} so far`);
  }
}

async function answersOk(url: string, interruption: AbortSignal): Promise<boolean> {
  try {
    const { username, password } = new URL(url);
    const plain = new URL(url);
    [plain.username, plain.password] = ['', ''];
    const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
      'base64',
    );
    const response = await fetch(plain, {
      headers: username === '' ? {} : { Authorization: `Basic ${basic}` },
      signal: AbortSignal.any([interruption, AbortSignal.timeout(ANSWER_DEADLINE_MILLIS)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

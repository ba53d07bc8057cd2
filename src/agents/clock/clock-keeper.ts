// Keeps an agent's workers on the coordinator's time: asks for it, and hands out the offset that the answers allow.
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { ClockReport } from '../messages/messages.ts';
import { createClockEstimate } from './clock-estimate.ts';
import { type FourTimes, sampleOf } from './clock-sample.ts';

/** Before the run and after it, one after the other; four a second in between. */
const FIRST_QUESTIONS = 64;
const ASK_MILLIS = 250;
/** Workers get another offset once a second. */
const QUESTIONS_FOR_OFFSET = 4;

export interface ClockKeeper {
  /** Resolves when the first offset was handed out. */
  readonly compared: Promise<void>;
  /** The worst since then, as a report may be lost on its way; undefined before that. */
  report(): ClockReport | undefined;
  /** Asks as often as before the run; resolves then. What was handed out last is bounded from both sides. */
  compareAgain(): Promise<void>;
  close(): void;
}

export interface ClockKeeperParts {
  readonly clock: Clock;
  /** Undefined where no answer came. */
  readonly ask: () => Promise<Pick<FourTimes, 'receivedMicros' | 'answeredMicros'> | undefined>;
  readonly onOffset: (offsetMicros: number) => void;
}

export function startClockKeeper({ clock, ask, onOffset }: ClockKeeperParts): ClockKeeper {
  const estimate = createClockEstimate();
  const closing = new AbortController();
  /** A worker may still use the one before the latest, as it gets messages a little later. */
  let handedOut: readonly number[] = [];
  let worstMicros = 0;

  async function askOnce(): Promise<void> {
    const sentMicros = clock.nowMicros();
    const answer = await ask();
    const sample = answer && sampleOf({ ...answer, sentMicros, arrivedMicros: clock.nowMicros() });
    if (sample) estimate.add(sample);
  }

  function handOut(): void {
    const interval = estimate.intervalAt(clock.nowMicros());
    if (interval === undefined) return;
    const offsetMicros = (interval.lowMicros + interval.highMicros) / 2;
    handedOut = [...handedOut.slice(-1), offsetMicros];
    onOffset(offsetMicros);
  }

  async function askMany(): Promise<void> {
    for (let at = 0; at < FIRST_QUESTIONS && !closing.signal.aborted; at++) await askOnce();
  }

  async function compare(): Promise<void> {
    await askMany();
    while (handedOut.length === 0 && !closing.signal.aborted) {
      handOut();
      if (handedOut.length === 0) await askOnce();
    }
  }

  async function keep(): Promise<void> {
    for (let question = 1; !closing.signal.aborted; question++) {
      await pause(clock, ASK_MILLIS, closing.signal);
      if (!closing.signal.aborted) await askOnce();
      if (question % QUESTIONS_FOR_OFFSET === 0) handOut();
    }
  }

  const compared = compare();
  void compared.then(keep);
  return {
    compared,
    report() {
      const interval = estimate.intervalAt(clock.nowMicros());
      if (interval === undefined || handedOut.length === 0) return undefined;
      const errors = handedOut.flatMap((offset) => [
        offset - interval.lowMicros,
        interval.highMicros - offset,
      ]);
      worstMicros = Math.max(worstMicros, ...errors);
      return { errorMicros: worstMicros, contradictions: estimate.contradictions };
    },
    compareAgain: askMany,
    close: () => closing.abort(),
  };
}

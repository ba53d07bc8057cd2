// Keeps an agent's workers on the coordinator's time: asks for it, and hands out the offset that the answers allow.
import type { ClockOffset } from '../../load/worker/agent/clock-offset.ts';
import type { Clock } from '../../time/clock.ts';
import { driftMicros } from '../../time/clock-drift.ts';
import { pause } from '../../time/deadline.ts';
import type { ClockReport } from '../messages/messages.ts';
import { createClockEstimate } from './clock-estimate.ts';
import { type FourTimes, sampleOf } from './clock-sample.ts';

/** Before the run and after it, one after the other; four a second in between. */
const FIRST_QUESTIONS = 64;
const ASK_MILLIS = 250;

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
  readonly onOffset: (offset: ClockOffset) => void;
  /** IDs say that the coordinator reads the same clock: true as long as no answer disproves it. */
  readonly hasSameId?: boolean | undefined;
}

export function startClockKeeper({ clock, ask, onOffset, hasSameId = false }: ClockKeeperParts): ClockKeeper {
  const estimate = createClockEstimate();
  const closing = new AbortController();
  /** A worker may still use the one before the latest, as it gets messages a little later. */
  let handedOut: readonly ClockOffset[] = [];
  let contradictions = 0;
  let isSame = hasSameId;
  let disproofs = 0;
  let worstMicros = 0;

  /** Whether a usable answer came. */
  async function askOnce(): Promise<boolean> {
    const sentMicros = clock.nowMicros();
    const answer = await ask();
    const sample = answer && sampleOf({ ...answer, sentMicros, arrivedMicros: clock.nowMicros() });
    if (sample) estimate.add(sample);
    return sample !== undefined;
  }

  function handOut(): void {
    const atMicros = clock.nowMicros();
    const interval = estimate.intervalAt(atMicros);
    if (interval === undefined) return;
    noteWorst();
    const wasSame = isSame && handedOut.length > 0;
    isSame &&= interval.lowMicros <= 0 && interval.highMicros >= 0;
    const isDisproved = wasSame && !isSame;
    if (isDisproved) disproofs++;
    const isContradicted = isDisproved || estimate.contradictions > contradictions;
    contradictions = estimate.contradictions;
    const halfMicros = (interval.highMicros - interval.lowMicros) / 2;
    const offset: ClockOffset = {
      offsetMicros: isSame ? 0 : interval.lowMicros + halfMicros,
      errorMicros: isSame ? 0 : halfMicros,
      ...{ atMicros, isContradicted },
      ...(isSame && { isSame }),
    };
    handedOut = isContradicted ? [offset] : [...handedOut.slice(-1), offset];
    onOffset(offset);
  }

  function noteWorst(): void {
    const nowMicros = clock.nowMicros();
    for (const { errorMicros, atMicros, isSame } of handedOut)
      if (!isSame) worstMicros = Math.max(worstMicros, errorMicros + driftMicros(nowMicros - atMicros));
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
    while (!closing.signal.aborted) {
      await pause(clock, ASK_MILLIS, closing.signal);
      const isAnswered = !closing.signal.aborted && (await askOnce());
      if (closing.signal.aborted) return;
      const latest = handedOut.at(-1);
      // Workers count how uncertain it becomes meanwhile, and learn that their agent is there.
      if (isAnswered || latest === undefined) handOut();
      else onOffset(latest);
    }
  }

  const compared = compare();
  void compared.then(keep);
  return {
    compared,
    report() {
      if (handedOut.length === 0) return undefined;
      noteWorst();
      return { errorMicros: worstMicros, contradictions: estimate.contradictions + disproofs };
    },
    async compareAgain() {
      await askMany();
      handOut();
    },
    close: () => closing.abort(),
  };
}

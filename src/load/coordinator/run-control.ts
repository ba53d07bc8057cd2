// What every phase of a run shares: which phase it is in, whether it was stopped early, and waits that end then. Apart
// from the phases so that each wait of a run has a deadline and an end. It looks again and again, unlike
// session/wait-until.ts, which is woken: counts come from other processes, and each look also refreshes the live view.
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { Phase, PhaseName } from '../plan/phase.ts';

const POLL_MILLIS = 50;
/** After an interruption what still arrives is waited for this long. */
const INTERRUPTED_WAIT_MILLIS = 2_000;

export interface EarlyStop {
  /** Who ended the run: the user, the hub, the kit itself, or a threshold that could no longer hold. */
  readonly by: 'user' | 'target' | 'kit' | 'threshold';
  /** One sentence. */
  readonly because: string;
  /** The threshold that ended it. */
  readonly threshold?: string;
}

/** The hub goes on, and may show what it still delivers. */
export function isCalledOff(stop: EarlyStop | undefined): boolean {
  return stop?.by === 'user' || stop?.by === 'threshold';
}

export class RunControl {
  readonly phases: Phase[] = [];
  stop: EarlyStop | undefined;
  private readonly stopped = new AbortController();
  private readonly clock: Clock;
  private readonly onLook: (phase: PhaseName) => void;

  /** `onLook` is called when a phase begins and at every turn of a wait. */
  constructor(clock: Clock, onLook: (phase: PhaseName) => void) {
    this.clock = clock;
    this.onLook = onLook;
  }

  /** Aborts when the run is stopped early. */
  get signal(): AbortSignal {
    return this.stopped.signal;
  }

  enter(name: PhaseName): void {
    this.phases.push({ name, fromMicros: this.clock.nowMicros() });
    this.onLook(name);
  }

  /** The first reason stays. */
  stopEarly(by: EarlyStop['by'], because: string, threshold?: string): void {
    if (this.stop !== undefined) return;
    this.stop = { by, because, ...(threshold === undefined ? {} : { threshold }) };
    this.stopped.abort();
  }

  /** Until that moment of the clock, or until the run is stopped. */
  async pauseUntil(micros: number): Promise<void> {
    await this.waitUntil(() => this.clock.nowMicros() >= micros, Number.POSITIVE_INFINITY);
  }

  /** False when the deadline came first, or the run was stopped. */
  waitUntil(condition: () => boolean, deadlineMillis: number): Promise<boolean> {
    return this.wait(condition, deadlineMillis, () => this.stop !== undefined);
  }

  /** The same in a run that was stopped while the hub is still there: briefly where somebody waits for the result. */
  waitForRest(condition: () => boolean, deadlineMillis: number): Promise<boolean> {
    const startMicros = this.clock.nowMicros();
    return this.wait(condition, deadlineMillis, () => {
      if (this.stop?.by === 'target') return true;
      return isCalledOff(this.stop) && this.isPast(startMicros, INTERRUPTED_WAIT_MILLIS);
    });
  }

  private async wait(
    condition: () => boolean,
    deadlineMillis: number,
    isCutShort: () => boolean,
  ): Promise<boolean> {
    const startMicros = this.clock.nowMicros();
    while (!condition()) {
      if (this.isPast(startMicros, deadlineMillis) || isCutShort()) return false;
      const phase = this.phases.at(-1);
      if (phase) this.onLook(phase.name);
      await pause(this.clock, POLL_MILLIS);
    }
    return true;
  }

  private isPast(startMicros: number, millis: number): boolean {
    return this.clock.nowMicros() >= startMicros + millis * 1e3;
  }
}

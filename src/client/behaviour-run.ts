// Runs a behaviour: which step a client is in, and what follows from time and messages. It has no socket: it calls its
// client, and time is an argument.
import type { Clock, Timer } from '../time/clock.ts';
import { type Behaviour, type Reading, type Step, stepsOf } from './behaviour.ts';

/** What a behaviour has its client do. */
export interface BehaviourClient {
  /** Data messages received so far. */
  readonly receivedMessages: number;
  pauseReading(): void;
  resumeReading(): void;
  reset(): void;
  /** Ends this connection and joins again. */
  rejoin(): void;
  /** It stopped reading for the rest of this step. */
  onStall(): void;
  /** It reads again after a stall. */
  onResume(): void;
}

export class BehaviourRun {
  private readonly steps: readonly Step[];
  private readonly client: BehaviourClient;
  private readonly clock: Clock;
  private index = -1;
  private messagesBefore = 0;
  private isStalled = false;
  private isOver = false;
  /** Ends the step. */
  private stepTimer: Timer | undefined;
  /** Ends a pause within the step. */
  private readTimer: Timer | undefined;

  constructor(behaviour: Behaviour, client: BehaviourClient, clock: Clock) {
    this.steps = stepsOf(behaviour);
    this.client = client;
    this.clock = clock;
  }

  /** The connection is open. */
  begin(): void {
    this.next();
  }

  /** Whether a ping is answered now. */
  get answersPings(): boolean {
    const kind = this.reading?.kind;
    return this.isOver || (kind !== 'never-pong' && kind !== 'half-open');
  }

  /** Something was read: `bytes` of it. */
  onRead(bytes: number): void {
    const { reading } = this;
    if (this.isOver || !reading) return;
    const received = this.client.receivedMessages - this.messagesBefore;
    const until = this.steps[this.index]?.untilMessages;
    if (until !== undefined && received >= until) {
      this.next();
      return;
    }
    if (reading.kind === 'stall' && received >= reading.afterMessages) this.stall();
    else if (reading.kind === 'vanish' && received >= reading.afterMessages) this.client.reset();
    else if (reading.kind === 'trickle') this.waitBeforeReading((bytes / reading.bytesPerSecond) * 1_000);
    else if (reading.kind === 'lag') this.waitBeforeReading(reading.waitMillis);
  }

  /** From now on its owner decides when it reads. */
  end(): void {
    this.isOver = true;
    this.cancelTimers();
  }

  private get reading(): Reading | undefined {
    return this.steps[this.index]?.reading;
  }

  private cancelTimers(): void {
    this.stepTimer?.cancel();
    this.readTimer?.cancel();
  }

  private next(): void {
    this.cancelTimers();
    const step = this.steps[this.index + 1];
    if (!step) return;
    if (this.index >= 0) this.resume();
    this.index++;
    this.messagesBefore = this.client.receivedMessages;
    if (step.forMillis !== undefined) this.stepTimer = this.clock.after(step.forMillis, () => this.next());
    this.enter(step.reading);
  }

  private enter(reading: Reading): void {
    if (reading.kind === 'half-open') this.stall();
    else if (reading.kind === 'stall' && reading.afterMessages === 0) this.stall();
    else if (reading.kind === 'flap') this.flap(reading.readMillis, reading.pauseMillis, true);
    else if (reading.kind === 'slow-handshake')
      this.next(); // it is behind us
    else if (reading.kind === 'churn')
      this.readTimer = this.clock.after(reading.everyMillis, () => this.client.rejoin());
  }

  private stall(): void {
    if (this.isStalled) return;
    this.isStalled = true;
    this.client.pauseReading();
    this.client.onStall();
  }

  private resume(): void {
    this.client.resumeReading();
    if (this.isStalled) this.client.onResume();
    this.isStalled = false;
  }

  private waitBeforeReading(waitMillis: number): void {
    this.client.pauseReading();
    this.readTimer = this.clock.after(waitMillis, () => this.client.resumeReading());
  }

  private flap(readMillis: number, pauseMillis: number, isReading: boolean): void {
    this.readTimer = this.clock.after(isReading ? readMillis : pauseMillis, () => {
      if (isReading) this.client.pauseReading();
      else this.client.resumeReading();
      this.flap(readMillis, pauseMillis, !isReading);
    });
  }
}

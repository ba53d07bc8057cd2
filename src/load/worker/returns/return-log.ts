// Collects what a worker hands in of clients that were away, until it is taken with the next progress.
import type { AttemptCount, DropCount, ReturnBatch, ReturnRecord } from './return-messages.ts';

type Counted<T> = { -readonly [Key in keyof T]: T[Key] };

/** Faults that are remembered to have refused somebody. */
const MAX_FAULTS = 1_000;

export class ReturnLog {
  private returns: ReturnRecord[] = [];
  private drops = new Map<string, Counted<DropCount>>();
  private attempts = new Map<string, Counted<AttemptCount>>();
  /** By fault: whether somebody has been served after a refusal. */
  private readonly refusals = new Map<number, 'refused' | 'served again'>();

  addReturn(record: ReturnRecord): void {
    this.returns.push(record);
  }

  addDrop(cohort: string, fault: number): void {
    const key = `${fault} ${cohort}`;
    const known = this.drops.get(key);
    if (known) known.clients++;
    else this.drops.set(key, { cohort, fault, clients: 1 });
  }

  /** One attempt that has ended. */
  addAttempt(fault: number | undefined, atMicros: number, isOk: boolean): void {
    const second = Math.floor(atMicros / 1e6);
    const key = `${fault} ${second}`;
    const known = this.attempts.get(key) ?? {
      ...{ fault, second, total: 0, failed: 0 },
      servedAgainAtMicros: undefined,
    };
    this.attempts.set(key, known);
    known.total++;
    if (!isOk) known.failed++;
    if (fault === undefined) return;
    if (!isOk && !this.refusals.has(fault) && this.refusals.size < MAX_FAULTS)
      this.refusals.set(fault, 'refused');
    else if (isOk && this.refusals.get(fault) === 'refused') {
      this.refusals.set(fault, 'served again');
      known.servedAgainAtMicros = atMicros;
    }
  }

  /** Since this was called last. */
  take(): ReturnBatch {
    const batch = {
      returns: this.returns,
      drops: [...this.drops.values()],
      attempts: [...this.attempts.values()],
    };
    this.returns = [];
    this.drops = new Map();
    this.attempts = new Map();
    return batch;
  }
}

// How the clients of one cohort came to be connected: first attempts and those to come back, what was agreed on, and why some
// failed.
import type { Refusal } from '../../../wire/connection.ts';
import type { Admission } from '../account/cohort-connection.ts';
import type { CohortPart } from '../worker-messages.ts';
import { FailureCounts } from './handshake-counts.ts';
import { TlsCounts } from './tls-counts.ts';

export class AdmissionCounts {
  readonly failures = new FailureCounts();
  /** First attempts that have ended. */
  attempted = 0;
  /** Clients whose first attempt succeeded. */
  connected = 0;
  private readonly returns = { total: 0, failed: 0 };
  /** Clients whose first attempts a fault kept from succeeding, and that try again. */
  private readonly postponed = new Set<number>();
  private readonly subprotocols: Record<string, number> = {};
  private readonly addresses: Record<string, number> = {};
  private readonly sources: Record<string, number> = {};
  private tls: TlsCounts | undefined;

  admit(
    number: number,
    { tls, address, source, subprotocol }: Admission,
    isReturn: boolean,
    atMicros: number,
  ): void {
    this.postponed.delete(number);
    if (tls) {
      this.tls ??= new TlsCounts();
      this.tls.add(tls, atMicros);
    }
    if (subprotocol !== undefined) count(this.subprotocols, subprotocol);
    if (isReturn) {
      this.returns.total++;
      return;
    }
    this.attempted++;
    this.connected++;
    if (address !== undefined) count(this.addresses, address);
    if (source !== undefined) count(this.sources, source);
  }

  /** The first attempt of this client failed under a fault; another follows. */
  postpone(number: number, failure: Pick<Refusal, 'cause' | 'problem'>): void {
    this.postponed.add(number);
    this.failures.add(failure);
  }

  fail(number: number, failure: Pick<Refusal, 'cause' | 'problem'>, isReturn: boolean): void {
    this.postponed.delete(number);
    if (isReturn) {
      this.returns.total++;
      this.returns.failed++;
    } else this.attempted++;
    this.failures.add(failure);
  }

  part(): Pick<
    CohortPart,
    | 'connected'
    | 'returned'
    | 'attempts'
    | 'postponed'
    | 'failures'
    | 'subprotocols'
    | 'tls'
    | 'addresses'
    | 'sources'
  > {
    const { total, failed } = this.returns;
    return {
      connected: this.connected,
      returned: total - failed,
      ...(total > 0 && { attempts: { total, failed } }),
      ...(this.postponed.size > 0 && { postponed: this.postponed.size }),
      failures: this.failures.parts(),
      subprotocols: this.subprotocols,
      tls: this.tls?.part(),
      addresses: this.addresses,
      sources: this.sources,
    };
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

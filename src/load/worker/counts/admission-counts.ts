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
  private readonly subprotocols: Record<string, number> = {};
  private readonly addresses: Record<string, number> = {};
  private tls: TlsCounts | undefined;

  admit({ tls, address, subprotocol }: Admission, isReturn: boolean, atMicros: number): void {
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
  }

  fail(failure: Pick<Refusal, 'cause' | 'problem'>, isReturn: boolean): void {
    if (isReturn) {
      this.returns.total++;
      this.returns.failed++;
    } else this.attempted++;
    this.failures.add(failure);
  }

  part(): Pick<
    CohortPart,
    'connected' | 'returned' | 'attempts' | 'failures' | 'subprotocols' | 'tls' | 'addresses'
  > {
    const { total, failed } = this.returns;
    return {
      connected: this.connected,
      returned: total - failed,
      ...(total > 0 && { attempts: { total, failed } }),
      failures: this.failures.parts(),
      subprotocols: this.subprotocols,
      tls: this.tls?.part(),
      addresses: this.addresses,
    };
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

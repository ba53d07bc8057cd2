// The TLS handshakes of a load test as one figure.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';

/** Nothing without TLS. */
export function tlsLines({ tls }: LoadtestResult): string[] {
  if (tls === undefined) return [];
  const { handshakes, resumed, handshakesPerSecond, handshakeMicros: micros, agreed } = tls;
  const versions = agreed.map(
    ({ protocol, cipher, connections }) => `${renderCount(connections)} x ${protocol} ${cipher}`,
  );
  return [
    `TLS: ${renderCount(handshakes)} handshakes (${renderCount(resumed)} resumed), ${handshakesPerSecond}/s, p50 ${renderMicros(micros.p50)}, p99 ${renderMicros(micros.p99)}, longest ${renderMicros(micros.max)}; ${versions.join(', ')}`,
  ];
}

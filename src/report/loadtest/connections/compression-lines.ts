// Compression in a load test as one figure.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';

/** Nothing where it was not offered. */
export function compressionLines({ compression }: LoadtestResult): string[] {
  if (compression === undefined) return [];
  const { agreed, declined, wireBytes, plainBytes, ratio, readBytes } = compression;
  const read = `${renderBytes(readBytes)} read in all`;
  if (agreed.length === 0) return [`compression: offered, and the hub agreed with no client; ${read}`];
  const answers = agreed.map(
    ({ connections, hasContextTakeover }) =>
      `${renderCount(connections)} connections ${hasContextTakeover ? 'with' : 'without'} context takeover`,
  );
  const without = declined === 0 ? [] : [`${renderCount(declined)} without compression`];
  const saved = ratio === null ? [] : [`ratio of the events ${ratio.toFixed(2)}`];
  const messages = `${renderBytes(wireBytes)} of messages, ${renderBytes(plainBytes)} inflated`;
  return [`compression: ${[[...answers, ...without].join(', '), ...saved, messages, read].join('; ')}`];
}

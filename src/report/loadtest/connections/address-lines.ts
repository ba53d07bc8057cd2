// Where the clients of a load test connected, where that is not one TCP address.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderCount } from '../../../units/rate.ts';
import { groupBy } from '../../format/group-by.ts';

/** One for each hub whose host has several addresses, and what a Unix socket does not show. */
export function addressFacts(result: LoadtestResult): (readonly [name: string, value: string])[] {
  const { addresses = [], target, evictions } = result;
  const spread = [...groupBy(addresses, ({ url }) => url)].map(([url, ofHub]) => {
    const counts = ofHub.map(({ address, clients, isAnswering }) =>
      isAnswering ? `${renderCount(clients)} at ${address}` : `none at ${address}, where nothing listens`,
    );
    return ['addresses', `clients of ${url}: ${counts.join(', ')}`] as const;
  });
  const hasStalled = evictions.some(({ stalledAtMillis }) => stalledAtMillis !== null);
  return hasStalled && target.url.startsWith('ws+unix:') ? [...spread, NO_QUEUES] : spread;
}

const NO_QUEUES = [
  'socket queues',
  'the system shows none of a Unix socket, so what the kernel held for stalled clients is not known',
] as const;

export function addressLines(result: LoadtestResult): string[] {
  return addressFacts(result).map(([name, value]) => `${name}: ${value}`);
}

// Where the clients of a load test connected, where that is not one TCP address.

import type { SourceCount } from '../../../load/result/parts/addresses.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderCount } from '../../../units/rate.ts';
import { groupBy } from '../../format/group-by.ts';

/** One for each hub whose host has several addresses, and what a Unix socket does not show. */
export function addressFacts(result: LoadtestResult): (readonly [name: string, value: string])[] {
  const { addresses = [], sources = [], target, evictions } = result;
  const spread: (readonly [name: string, value: string])[] = [...groupBy(addresses, ({ url }) => url)].map(
    ([url, ofHub]) => {
      const counts = ofHub.map(({ address, clients, isAnswering }) =>
        isAnswering ? `${renderCount(clients)} at ${address}` : `none at ${address}, where nothing listens`,
      );
      return ['addresses', `clients of ${url}: ${counts.join(', ')}`] as const;
    },
  );
  if (sources.length > 0)
    spread.push(['local addresses', sourceWords(sources, result.plan.localAddresses !== undefined)]);
  const hasStalled = evictions.some(({ stalledAtMillis }) => stalledAtMillis !== null);
  return hasStalled && target.url.startsWith('ws+unix:') ? [...spread, NO_QUEUES] : spread;
}

/** Beyond so many only the first and the last are named. */
const NAMED_SOURCES = 4;

function sourceWords(sources: readonly SourceCount[], isGiven: boolean): string {
  const counts = sources.map(({ clients }) => clients);
  const [least, most] = [counts.reduce((a, b) => Math.min(a, b)), counts.reduce((a, b) => Math.max(a, b))];
  const clients = least === most ? renderCount(most) : `${renderCount(least)} to ${renderCount(most)}`;
  const where =
    sources.length > NAMED_SOURCES
      ? `${sources.length} addresses, ${sources[0]?.address} to ${sources.at(-1)?.address}, ${clients} clients each`
      : sources.map((one) => `${renderCount(one.clients)} from ${one.address}`).join(', ');
  return isGiven ? where : `${where}, so that none needs more than half of its ports`;
}

const NO_QUEUES = [
  'socket queues',
  'the system shows none of a Unix socket, so what the kernel held for stalled clients is not known',
] as const;

export function addressLines(result: LoadtestResult): string[] {
  return addressFacts(result).map(([name, value]) => `${name}: ${value}`);
}

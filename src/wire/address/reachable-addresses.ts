// A name may have several addresses, such as ::1 and 127.0.0.1, of which only some answer. Which do is found out once in each
// process, so that clients are spread over those and none is wasted on the others.
import type { LookupAddress } from 'node:dns';
import { acceptsConnections } from './accepts-connections.ts';
import { type Lookup, resolveHost } from './resolve-host.ts';

export interface Reachability {
  /** Where something accepts connections; all addresses where nothing does, so that connecting says why. */
  readonly answering: readonly [LookupAddress, ...LookupAddress[]];
  readonly silent: readonly LookupAddress[];
}

const known = new Map<string, Reachability>();

/** In the order of their text, the same in every process. A host with one address is not probed. */
export async function findReachable(host: string, port: number, lookup?: Lookup): Promise<Reachability> {
  const key = `${host} ${port}`;
  const earlier = known.get(key);
  if (earlier) return earlier;
  const addresses = await resolveHost(host, lookup);
  if (addresses.length === 1) return { answering: addresses, silent: [] };
  const sorted = [...addresses].sort((one, other) => (one.address < other.address ? -1 : 1));
  const answers = await Promise.all(sorted.map(({ address }) => acceptsConnections({ host: address, port })));
  const [first, ...others] = sorted.filter((_, at) => answers[at]);
  if (first === undefined) return { answering: addresses, silent: [] };
  const found = { answering: [first, ...others] as const, silent: sorted.filter((_, at) => !answers[at]) };
  known.set(key, found);
  return found;
}

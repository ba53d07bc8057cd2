// A name may have several addresses, such as ::1 and 127.0.0.1, of which only some answer. Which do is found out once in each
// process, so that clients are spread over those, none is wasted on the others, and no client asks the resolver.
import type { LookupAddress } from 'node:dns';
import type { HostAddresses } from '../connection.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { type Lookup, resolveHost } from './resolve-host.ts';

export interface Reachability {
  /** Where something accepts connections; all addresses where nothing does, so that connecting says why. */
  readonly answering: HostAddresses;
  readonly silent: readonly LookupAddress[];
  /** Nothing accepted connections at any of several addresses, but may later; then they are looked up again. */
  readonly isUnsettled?: true;
}

/** What is being found out is asked for once as well. */
const known = new Map<string, Promise<Reachability>>();

/** In the order of their text, the same in every process. A host with one address is not probed. */
export async function findReachable(host: string, port: number, lookup?: Lookup): Promise<Reachability> {
  const key = `${host} ${port}`;
  const earlier = known.get(key);
  if (earlier) return earlier;
  const finding = find(host, port, lookup);
  known.set(key, finding);
  try {
    const found = await finding;
    if (found.isUnsettled) known.delete(key);
    return found;
  } catch (error) {
    known.delete(key);
    throw error;
  }
}

async function find(host: string, port: number, lookup: Lookup | undefined): Promise<Reachability> {
  const addresses = await resolveHost(host, lookup);
  if (addresses.length === 1) return { answering: addresses, silent: [] };
  const sorted = [...addresses].sort((one, other) => (one.address < other.address ? -1 : 1));
  const answers = await Promise.all(sorted.map(({ address }) => acceptsConnections({ host: address, port })));
  const [first, ...others] = sorted.filter((_, at) => answers[at]);
  if (first === undefined) return { answering: addresses, silent: [], isUnsettled: true };
  return { answering: [first, ...others], silent: sorted.filter((_, at) => !answers[at]) };
}

/** A later run looks its hosts up itself. */
export function forgetAddresses(): void {
  known.clear();
}

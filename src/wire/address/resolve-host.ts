// From the name of a host to its addresses. `localhost` passes the gate for load by its name (target/refuse-non-loopback.ts),
// so that whatever a resolver says of it, only addresses of this machine count.
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress } from './loopback.ts';

/** Of `node:dns`; tests have their own. */
export type Lookup = (
  host: string,
  options: { readonly all: true; readonly family?: number | 'IPv4' | 'IPv6' },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

type Resolution =
  | { readonly ok: true; readonly addresses: readonly [LookupAddress, ...LookupAddress[]] }
  | { readonly ok: false; readonly error: NodeJS.ErrnoException };

/** All addresses of the host in the system's order. Rejects where it has none that may be used. */
export async function resolveHost(
  host: string,
  lookup: Lookup = systemLookup,
): Promise<readonly [LookupAddress, ...LookupAddress[]]> {
  const resolution = await resolve(lookup, host);
  if (!resolution.ok) throw resolution.error;
  return resolution.addresses;
}

/** Why the name of a host leads nowhere, with what to do; undefined where it has an address. */
export async function whyUnresolved(host: string, lookup?: Lookup): Promise<string | undefined> {
  try {
    await resolveHost(host, lookup);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `the name ${host} cannot be resolved (${code ?? message}): is it written right, and does the resolver of this machine know it?`;
  }
}

/** The same as an option of `net.connect` and `http.request`. */
export const lookupOfHost = createLookupOfHost(systemLookup);

export function createLookupOfHost(lookup: Lookup): LookupFunction {
  return (host, options, done) => {
    void resolve(lookup, host, options.family).then((resolution) => {
      if (!resolution.ok) return done(resolution.error, '', 0);
      const [first] = resolution.addresses;
      if (options.all) done(null, [...resolution.addresses]);
      else done(null, first.address, first.family);
    });
  };
}

function resolve(lookup: Lookup, host: string, family?: number | 'IPv4' | 'IPv6'): Promise<Resolution> {
  return new Promise((settle) => {
    lookup(host, { all: true, ...(family !== undefined && { family }) }, (error, found) => {
      if (error) return settle({ ok: false, error });
      const [first, ...others] = /^localhost$/i.test(host)
        ? found.filter(({ address }) => isLoopbackAddress(address))
        : found;
      if (first !== undefined) return settle({ ok: true, addresses: [first, ...others] });
      const all = found.map(({ address }) => address).join(', ');
      settle({ ok: false, error: new Error(`${host} is ${all}, which is not this machine`) });
    });
  });
}

// From the words of --local-address to addresses: one, a range `10.0.0.5-10.0.0.20`, or a network `10.0.0.0/24`. Pure; whether
// this machine has them is found out elsewhere (own-addresses.ts).
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { bitsOf, parseIp, writeIp } from './ip-address.ts';

export interface LocalAddresses {
  /** As it was written. */
  readonly written: string;
  readonly addresses: readonly string[];
  /** Those of a network that this machine has are used; of a range each must be there. */
  readonly isNetwork: boolean;
}

/** In all; each is tried before a run begins. */
export const MOST_ADDRESSES = 1_024;

export function parseLocalAddresses(texts: readonly string[]): Parsed<LocalAddresses[]> {
  const found: LocalAddresses[] = [];
  let count = 0;
  for (const text of texts) {
    const one = parseOne(text.trim());
    if (!one.ok) return one;
    count += one.value.addresses.length;
    if (count > MOST_ADDRESSES) return tooMany(count);
    found.push(one.value);
  }
  return parsed(found);
}

const tooMany = <T>(count: number | bigint): Parsed<T> =>
  unparsed(`${count} addresses, at most ${MOST_ADDRESSES} are used; name a smaller range`);

function parseOne(text: string): Parsed<LocalAddresses> {
  const slash = text.indexOf('/');
  if (slash >= 0) return parseNetwork(text, text.slice(0, slash), text.slice(slash + 1));
  const dash = text.indexOf('-');
  return dash < 0
    ? parseRange(text, text, text)
    : parseRange(text, text.slice(0, dash), text.slice(dash + 1));
}

function parseRange(written: string, from: string, to: string): Parsed<LocalAddresses> {
  const [first, last] = [parseIp(from.trim()), parseIp(to.trim())];
  if (first === undefined) return unparsed(whatIsExpected(written));
  if (last === undefined || last.family !== first.family) return unparsed(whatIsExpected(written));
  if (last.value < first.value)
    return unparsed(`"${written}" ends before it begins; write ${writeIp(last)}-${writeIp(first)}`);
  return between(written, first.family, first.value, last.value, false);
}

function parseNetwork(written: string, address: string, prefix: string): Parsed<LocalAddresses> {
  const base = parseIp(address.trim());
  const bits = /^\d{1,3}$/.test(prefix.trim()) ? Number(prefix) : Number.NaN;
  if (base === undefined || !(bits <= bitsOf(base.family))) return unparsed(whatIsExpected(written));
  const size = 1n << BigInt(bitsOf(base.family) - bits);
  const first = base.value - (base.value % size);
  // The network itself, and its broadcast address, are no addresses of a machine.
  const edge = base.family === 4 && size > 2n ? 1n : 0n;
  return between(written, base.family, first + edge, first + size - 1n - edge, true);
}

function between(
  written: string,
  family: 4 | 6,
  first: bigint,
  last: bigint,
  isNetwork: boolean,
): Parsed<LocalAddresses> {
  const count = last - first + 1n;
  if (count > BigInt(MOST_ADDRESSES)) return tooMany(count);
  const addresses = Array.from({ length: Number(count) }, (_, at) =>
    writeIp({ family, value: first + BigInt(at) }),
  );
  return parsed({ written, addresses, isNetwork });
}

const whatIsExpected = (text: string): string =>
  `expected an address of this machine, a range or a network, such as 10.0.0.5, 10.0.0.5-10.0.0.20 or 10.0.0.0/24, got "${text}"`;

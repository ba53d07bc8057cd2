// From which addresses clients connect, so that there are ports enough. Ports are counted for each pair of a source address and an
// address of a hub. Pure.
import type { LookupAddress } from 'node:dns';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { isLoopbackAddress } from '../../../wire/address/loopback.ts';
import { parseIp, writeIp } from './ip-address.ts';

export interface HubToReach {
  /** For messages. */
  readonly url: string;
  /** Among which its clients are spread; none where ports do not count: a Unix socket, or a hub behind a forwarder. */
  readonly addresses: readonly LookupAddress[];
}

export interface SourceInput {
  readonly hubs: readonly HubToReach[];
  /** At all hubs together. */
  readonly clients: number;
  /** Of one pair; undefined where the system does not say. */
  readonly ports: number | undefined;
  /** Given by the user, of this machine; empty: the system's choice. */
  readonly local: readonly string[];
  /** A port of a source address serves one connection to each address of a hub; without it one connection in all. */
  readonly hasPortsForEachPair: boolean;
}

/** For one hub. Without sources the system chooses one. */
export interface HubSources {
  readonly addresses: readonly LookupAddress[];
  readonly sources: readonly string[];
}

/** One for each hub, in their order. */
export function chooseSources(input: SourceInput): Parsed<readonly HubSources[]> {
  const chosen: HubSources[] = [];
  for (const hub of input.hubs) {
    const one = hub.addresses.length === 0 ? parsed(NO_SOURCES) : chooseForHub(hub, input);
    if (!one.ok) return one;
    chosen.push(one.value);
  }
  return parsed(chosen);
}

const NO_SOURCES: HubSources = { addresses: [], sources: [] };

function chooseForHub(hub: HubToReach, input: SourceInput): Parsed<HubSources> {
  const { local, ports = Number.POSITIVE_INFINITY } = input;
  const addresses =
    local.length === 0
      ? hub.addresses
      : hub.addresses.filter(({ address }) => sourcesFor(address, local).length > 0);
  if (addresses.length === 0) return unparsed(describeUnreachable(hub));
  const demand = connectionsToEach(addresses, input);
  for (const { address } of addresses) {
    const sources = local.length === 0 ? 1 : sourcesFor(address, local).length;
    if (Math.ceil(demand / sources) <= ports) continue;
    if (local.length > 0 || !canSpread(address))
      return unparsed(describeShortage(hub, address, { demand, ports, sources, isGiven: local.length > 0 }));
  }
  if (local.length > 0) return parsed({ addresses, sources: local });
  return parsed({
    addresses,
    sources: addresses.some(({ address }) => canSpread(address)) ? loopbackSources(demand, ports) : [],
  });
}

/** The connections that share the ports of a source: those to one address, or, where ports are not shared, those to all hubs. */
function connectionsToEach(
  addresses: readonly LookupAddress[],
  { hubs, clients, hasPortsForEachPair }: SourceInput,
): number {
  const ofHub = Math.ceil(clients / hubs.length);
  if (hasPortsForEachPair) return Math.ceil(ofHub / addresses.length);
  return ofHub * hubs.filter((hub) => hub.addresses.length > 0).length;
}

/** The given addresses that reach the hub's: of its family, and those of loopback only on loopback. */
function sourcesFor(address: string, sources: readonly string[]): readonly string[] {
  const family = parseIp(address)?.family;
  const isNear = isLoopbackAddress(address);
  return sources.filter(
    (source) => parseIp(source)?.family === family && (isNear || !isLoopbackAddress(source)),
  );
}

/** All of 127.0.0.0/8 is this machine; of IPv6 only ::1 is. */
const canSpread = (address: string): boolean => isLoopbackAddress(address) && parseIp(address)?.family === 4;

/**
 * From 127.0.0.1 on, so many that each has a port left for every one it gives: Linux tries the even ports first, and goes through
 * all of them for each connection once they are taken. None where one is enough.
 */
function loopbackSources(demand: number, ports: number): string[] {
  const count = Math.ceil(demand / Math.max(1, Math.floor(ports / 2)));
  if (count === 1) return [];
  return Array.from({ length: count }, (_, at) => writeIp({ family: 4, value: LOOPBACK + BigInt(at) }));
}

const LOOPBACK = 0x7f_00_00_01n;

function describeUnreachable({ url, addresses }: HubToReach): string {
  const places = addresses.map(({ address }) => address).join(', ');
  return `none of the addresses can reach ${url} (${places}): give one of the same family, IPv4 or IPv6, and one of loopback only for a hub on loopback`;
}

interface Shortage {
  readonly demand: number;
  readonly ports: number;
  readonly sources: number;
  readonly isGiven: boolean;
}

function describeShortage(
  { url }: HubToReach,
  address: string,
  { demand, ports, sources, isGiven }: Shortage,
): string {
  const found = `${demand} clients connect to ${url} (${address}) from ${sources === 1 ? 'one address' : `${sources} addresses`}, which has ${ports} ports for it`;
  return `${sources === 1 ? found : found.replace('which has', 'each of which has')}: ${whatToDo(address, isGiven)}`;
}

/** As root; it holds until the next start of the machine. */
export const WIDEN_PORTS = "sysctl -w net.ipv4.ip_local_port_range='10000 65535'";

function whatToDo(address: string, isGiven: boolean): string {
  const widen = `widen the range with ${WIDEN_PORTS}`;
  if (isGiven) return `give more local addresses, or ${widen}`;
  if (isLoopbackAddress(address))
    return `IPv6 loopback has no other address than ::1, so connect to 127.0.0.1, or ${widen}`;
  return `give local addresses, such as 10.0.0.5-10.0.0.20, or ${widen}`;
}

// What this machine grants: descriptors, local ports, memory. Undefined where the system does not say.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Local ports between one source address and one address of a hub. */
export interface PortLimits {
  readonly first: number;
  readonly last: number;
  /** Of those between, kept from connections. */
  readonly reserved: number;
}

/** Ports of connections that are over and stay taken for a minute. */
export interface TimeWait {
  readonly sockets: number;
  /** The system keeps no more. */
  readonly most: number;
  /** Connections take such ports again: everywhere, on loopback alone, or nowhere. */
  readonly reuse: 'everywhere' | 'loopback' | 'nowhere';
}

export const portsOf = ({ first, last, reserved }: PortLimits): number => last - first + 1 - reserved;

/** That this process, and each that it starts, may open. */
export function readOwnDescriptors(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (soft === undefined) return undefined;
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return undefined;
  }
}

/** Of IPv4 and IPv6 alike. */
export async function readPorts(): Promise<PortLimits | undefined> {
  const range = await readText('/proc/sys/net/ipv4/ip_local_port_range');
  const reserved = await readText('/proc/sys/net/ipv4/ip_local_reserved_ports');
  return range === undefined ? undefined : parsePorts(range, reserved ?? '');
}

/** `reserved` is written as `8080,9148-9200`. */
export function parsePorts(range: string, reserved: string): PortLimits | undefined {
  const [first, last] = range.trim().split(/\s+/).map(Number);
  if (first === undefined || last === undefined) return undefined;
  let count = 0;
  for (const one of reserved.trim().split(',')) {
    if (one === '') continue;
    const [from = 0, to = from] = one.split('-').map(Number);
    count += Math.max(0, Math.min(to, last) - Math.max(from, first) + 1);
  }
  return { first, last, reserved: count };
}

export async function readTimeWait(): Promise<TimeWait | undefined> {
  const statistics = await readText('/proc/net/sockstat');
  const most = await readText('/proc/sys/net/ipv4/tcp_max_tw_buckets');
  const reuse = (await readText('/proc/sys/net/ipv4/tcp_tw_reuse'))?.trim();
  const sockets = /^TCP:.* tw (\d+)/m.exec(statistics ?? '')?.[1];
  if (sockets === undefined || most === undefined) return undefined;
  return {
    sockets: Number(sockets),
    most: Number(most),
    reuse: reuse === '1' ? 'everywhere' : reuse === '2' ? 'loopback' : 'nowhere',
  };
}

/** What programs may take without swapping. */
export async function readAvailableBytes(): Promise<number | undefined> {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await readText('/proc/meminfo')) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

// The ports that this machine gives to connections, and to servers that ask for any. Undefined where the system does not say.
import { readFile } from 'node:fs/promises';

/** Local ports between one source address and one address of a hub. */
export interface PortLimits {
  readonly first: number;
  readonly last: number;
  /** Of those between, kept from connections. */
  readonly reserved: number;
}

export const portsOf = ({ first, last, reserved }: PortLimits): number => last - first + 1 - reserved;

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

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

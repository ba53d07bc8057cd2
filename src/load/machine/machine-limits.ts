// What this machine grants: descriptors, ports that are taken for a while, memory. Undefined where the system does not say.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Ports of connections that are over and stay taken for a minute. */
export interface TimeWait {
  readonly sockets: number;
  /** The system keeps no more. */
  readonly most: number;
  /** Connections take such ports again: everywhere, on loopback alone, or nowhere. */
  readonly reuse: 'everywhere' | 'loopback' | 'nowhere';
}

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

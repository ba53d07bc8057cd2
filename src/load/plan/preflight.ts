// What would stop a run half-way, found before it starts: descriptors and ports.
import { readFile } from 'node:fs/promises';
import { readDescriptorLimit } from '../../target/process-facts.ts';

/** Descriptors a process needs besides its connections. */
const SPARE_DESCRIPTORS = 100;

export interface PreflightInput {
  readonly clients: number;
  readonly workers: number;
  /** The hub's process, where it is known; its descriptors are needed for every client. */
  readonly hubPid: number | undefined;
  /** Of the clients, those that go through one forwarder, which a fault of the network needs; default none. */
  readonly forwardedClients?: number;
}

/** One sentence for each thing that is in the way, with what to do about it. */
export async function findObstacles({
  clients,
  workers,
  hubPid,
  forwardedClients = 0,
}: PreflightInput): Promise<string[]> {
  const obstacles: string[] = [];
  const perWorker = Math.ceil(clients / workers) + SPARE_DESCRIPTORS;
  const own = await readDescriptorLimit('self');
  if (own !== undefined && own < perWorker) {
    obstacles.push(
      `${clients} clients in ${workers} worker processes need ${perWorker} descriptors each, the limit is ${own}: raise it (ulimit -n ${perWorker}) or use more worker processes`,
    );
  }
  const forwarded = 2 * forwardedClients + SPARE_DESCRIPTORS;
  if (own !== undefined && own < forwarded) {
    obstacles.push(
      `a forwarder for ${forwardedClients} clients, which partition, latency and bandwidth need, takes ${forwarded} descriptors, the limit is ${own}: raise it (ulimit -n ${forwarded}), or use fewer clients`,
    );
  }
  const hub = hubPid === undefined ? own : await readDescriptorLimit(hubPid);
  if (hub !== undefined && hub < clients + SPARE_DESCRIPTORS) {
    obstacles.push(
      `the hub needs ${clients + SPARE_DESCRIPTORS} descriptors for ${clients} clients, its limit is ${hub}: raise it (ulimit -n ${clients + SPARE_DESCRIPTORS}) where the hub is started, or use fewer clients`,
    );
  }
  const ports = await readEphemeralPorts();
  if (ports !== undefined && ports < clients) {
    obstacles.push(
      `${clients} clients need a local port each, this machine gives ${ports}: widen net.ipv4.ip_local_port_range, or use fewer clients`,
    );
  }
  return obstacles;
}

/** How many local ports the system hands out to one destination; undefined where it does not say. */
export async function readEphemeralPorts(): Promise<number | undefined> {
  try {
    const [low, high] = (await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))
      .trim()
      .split(/\s+/)
      .map(Number);
    return low === undefined || high === undefined ? undefined : high - low + 1;
  } catch {
    return undefined;
  }
}

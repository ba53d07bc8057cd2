// What the doctor says of the limits of this machine: clients, descriptors, ports and memory. Pure.
import { CLIENT_BYTES, estimateCapacity, type MachineLimits } from '../../../load/machine/capacity.ts';
import type { TimeWait } from '../../../load/machine/machine-limits.ts';
import { WIDEN_PORTS } from '../../../load/machine/sources/source-addresses.ts';
import { SPARE_DESCRIPTORS } from '../../../load/machine/worker-count.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { type PortLimits, portsOf } from '../../../wire/address/local-ports.ts';

export interface Examination {
  readonly name: string;
  readonly found: string;
  /** What to do; empty when there is nothing to do. */
  readonly advice: string;
}

export const UNKNOWN = 'not known on this system';

const WANTED_CLIENTS = 10_000;
const WANTED = renderCount(WANTED_CLIENTS);

export function examineClients(limits: MachineLimits): Examination {
  const capacity = estimateCapacity(limits);
  if (capacity === undefined) return { name: 'clients', found: UNKNOWN, advice: '' };
  const { clients, limitedBy } = capacity;
  const more = limitedBy === 'memory' ? '' : '; several hubs have as many each';
  return {
    name: 'clients',
    found: `about ${renderCount(clients)}, with the hub on this machine; limited by ${limitedBy}${more}`,
    advice: '',
  };
}

/** For the hub a client is one, for its worker another one; the coordinator has none. */
export function examineDescriptors(limit: number | undefined): Examination {
  if (limit === undefined) return { name: 'descriptors', found: UNKNOWN, advice: '' };
  if (!Number.isFinite(limit)) return { name: 'descriptors', found: 'unlimited', advice: '' };
  const each = renderCount(Math.max(0, limit - SPARE_DESCRIPTORS));
  return {
    name: 'descriptors',
    found: `${renderCount(limit)} per process: ${each} clients for each worker (--workers auto starts as many as needed) and for each hub; the coordinator takes about ${SPARE_DESCRIPTORS}`,
    advice:
      limit < WANTED_CLIENTS + SPARE_DESCRIPTORS
        ? `run ulimit -n ${WANTED_CLIENTS * 2} before you start, for ${WANTED} clients`
        : '',
  };
}

export function examinePorts(limits: PortLimits | undefined): Examination {
  if (limits === undefined) return { name: 'local ports', found: UNKNOWN, advice: '' };
  const ports = portsOf(limits);
  const reserved = limits.reserved === 0 ? '' : `, ${renderCount(limits.reserved)} of them reserved`;
  return {
    name: 'local ports',
    found: `${renderCount(ports)} from one address to one hub (${limits.first} to ${limits.last}${reserved}); more clients come from other addresses, on 127.0.0.0/8 by themselves, elsewhere with --local-address`,
    advice: ports < WANTED_CLIENTS ? `run ${WIDEN_PORTS}` : '',
  };
}

/** Clients of the kit end with a reset, which leaves none; a hub that closes first keeps its own. */
export function examineTimeWait(limits: PortLimits | undefined, timeWait: TimeWait | undefined): Examination {
  if (timeWait === undefined) return { name: 'TIME_WAIT', found: UNKNOWN, advice: '' };
  const { sockets, most, reuse } = timeWait;
  const where = {
    everywhere: 'new connections may take their ports',
    loopback: 'new connections on loopback may take their ports',
    nowhere: 'their ports stay taken for a minute',
  }[reuse];
  const isCrowded = limits !== undefined && sockets > portsOf(limits) / 2;
  return {
    name: 'TIME_WAIT',
    found: `${renderCount(sockets)} connections that are over, of at most ${renderCount(most)}; ${where}`,
    advice:
      isCrowded && reuse !== 'everywhere'
        ? 'wait a minute, or run sysctl -w net.ipv4.tcp_tw_reuse=1: they hold more than half of the ports of an address'
        : '',
  };
}

export function examineMemory(availableBytes: number | undefined): Examination {
  if (availableBytes === undefined) return { name: 'memory', found: UNKNOWN, advice: '' };
  const fits = availableBytes >= WANTED_CLIENTS * CLIENT_BYTES;
  return {
    name: 'memory',
    found: `${renderBytes(availableBytes)} available; a fast client takes about ${renderBytes(CLIENT_BYTES)}, a stalled one up to 5 MB`,
    advice: fits ? '' : `close other programs, for ${WANTED} clients`,
  };
}

// The addresses of a hub whose host has several, as they are when a run begins.
import { findReachable } from '../../wire/address/reachable-addresses.ts';
import { addressOf } from '../../wire/hub-address.ts';
import type { HubAddressCandidate } from '../result/parts/addresses.ts';

/** None of a host with one address, and of a Unix socket. */
export async function findHubAddresses(url: string): Promise<readonly HubAddressCandidate[]> {
  const to = addressOf(url);
  if (to.socketPath !== undefined) return [];
  const found = await findReachable(to.host, to.port).catch(() => undefined);
  if (found === undefined || found.answering.length + found.silent.length < 2) return [];
  return [
    ...found.answering.map(({ address }) => ({ url, address, isAnswering: true })),
    ...found.silent.map(({ address }) => ({ url, address, isAnswering: false })),
  ];
}

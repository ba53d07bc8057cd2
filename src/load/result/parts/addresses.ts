// How the clients are spread over the addresses of a hub whose host has several.

export interface AddressCount {
  /** Of the hub. */
  readonly url: string;
  readonly address: string;
  /** False where nothing accepted connections when the run began. */
  readonly isAnswering: boolean;
  /** Clients that connected there. */
  readonly clients: number;
}

export type HubAddressCandidate = Omit<AddressCount, 'clients'>;

/** An address of this machine, and the clients that connected from there. */
export interface SourceCount {
  readonly address: string;
  readonly clients: number;
}

/** How many connected to each address. */
export type ConnectedByAddress = Readonly<Record<string, number>>;

/** Undefined where every host has one address. */
export function foldAddresses(
  candidates: readonly HubAddressCandidate[],
  connected: ConnectedByAddress,
): readonly AddressCount[] | undefined {
  if (candidates.length === 0) return undefined;
  return candidates.map((one) => ({ ...one, clients: connected[one.address] ?? 0 }));
}

/** Undefined where the system chose the addresses of the clients. */
export function foldSources(connected: ConnectedByAddress): readonly SourceCount[] | undefined {
  const sources = Object.entries(connected).map(([address, clients]) => ({ address, clients }));
  return sources.length === 0 ? undefined : sources;
}

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

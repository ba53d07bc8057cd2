// Evicted clients one by one: where the messages of each were and when what happened to it, a row each. The same table
// in load-test and replay pages; 20,000 evictions are a hundred rows and a count.
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';

export interface EvictedClient {
  /** Such as `frozen 2`, or `stalled, client 7`. */
  readonly who: string;
  readonly stalledAtMillis: number | null;
  /** Messages that it had read by then. */
  readonly readMessages: number | null;
  /** Null: it never stopped reading, or too little was seen of it. */
  readonly anatomy: EvictionAnatomy | null;
  readonly endedAtMillis: number | null;
  /** All that it got. */
  readonly messages: number;
  readonly bytes: number;
  /** `Close 1013`, `FIN`, `a reset`. */
  readonly how: string;
}

/** Clients listed one by one. */
const MAX_LISTED = 100;

const HEAD = [
  'client',
  'stopped reading',
  'after messages',
  'kernels hid',
  'queued in the hub',
  'one too many',
  'overflow at',
  'socket closed',
  'saw the end at',
  'messages got',
  'bytes got',
  'ended by',
] as const;

export function anatomyTable(clients: readonly EvictedClient[]): {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  return {
    title:
      clients.length > MAX_LISTED
        ? `The first ${MAX_LISTED} of ${renderCount(clients.length)} evicted clients`
        : `Evicted clients one by one: ${clients.length}`,
    head: HEAD,
    rows: clients.slice(0, MAX_LISTED).map(describeRow),
  };
}

function describeRow(client: EvictedClient): readonly string[] {
  const { anatomy } = client;
  return [
    client.who,
    millis(client.stalledAtMillis),
    client.readMessages === null ? '-' : renderCount(client.readMessages),
    anatomy === null ? '-' : describeKernels(anatomy),
    anatomy === null ? '-' : `${anatomy.queuedMessages} (${renderBytes(anatomy.queuedBytes)})`,
    anatomy?.tippedByEvent == null ? '-' : `event ${renderCount(anatomy.tippedByEvent)}`,
    millis(anatomy?.overflowAtMillis ?? null),
    anatomy?.overflowToClosedMillis == null ? '-' : `${millis(anatomy.overflowToClosedMillis)} later`,
    millis(client.endedAtMillis),
    renderCount(client.messages),
    renderBytes(client.bytes),
    client.how,
  ];
}

function describeKernels({ kernelBytes, clientKernelBytes, hubKernelBytes }: EvictionAnatomy): string {
  // Both are absent in files of before they were measured.
  if (clientKernelBytes == null || hubKernelBytes == null) return renderBytes(kernelBytes);
  return `${renderBytes(kernelBytes)} (its own ${renderBytes(clientKernelBytes)}, the hub’s ${renderBytes(hubKernelBytes)})`;
}

const millis = (value: number | null): string => (value === null ? '-' : renderDurationMillis(value));

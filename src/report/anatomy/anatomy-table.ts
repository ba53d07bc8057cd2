// Evicted clients one by one: where the messages of each were, and when each step happened. The same table in load-test
// and replay pages; 20,000 evictions are a hundred rows and a count.
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { kernelBytes } from './describe-anatomy.ts';
import type { EvictedClient } from './evicted-client.ts';

/** Clients listed one by one. */
const MAX_LISTED = 100;

const HEAD = [
  'client',
  'stopped reading',
  'after messages',
  'held by the kernels',
  'queued in the hub',
  'overflowed by',
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
    anatomy === null ? '-' : kernelBytes(anatomy),
    anatomy === null
      ? '-'
      : `${anatomy.isQueueAtMost ? 'at most ' : ''}${anatomy.queuedMessages} (${renderBytes(anatomy.queuedBytes)})`,
    anatomy?.tippedByEvent == null ? '-' : `event ${renderCount(anatomy.tippedByEvent)}`,
    millis(anatomy?.overflowAtMillis ?? null),
    anatomy?.overflowToClosedMillis == null ? '-' : `${millis(anatomy.overflowToClosedMillis)} later`,
    millis(client.endedAtMillis),
    renderCount(client.messages),
    renderBytes(client.bytes),
    client.how,
  ];
}

const millis = (value: number | null): string => (value === null ? '-' : renderDurationMillis(value));

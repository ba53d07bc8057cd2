// What a worker hands over of one client that the hub ended: facts, from which the coordinator derives its anatomy.
import type { RefusedEvents } from '../../ledger/refused-events.ts';
import type { CohortClient, CohortConnection } from './account/cohort-connection.ts';
import type { EvictionPart } from './worker-messages.ts';

export function describeEvictedClient(
  { number, client, ledger }: CohortConnection,
  { refused, hub }: { readonly refused: RefusedEvents; readonly hub: number },
): EvictionPart {
  const { facts } = client;
  return {
    hub,
    client: number,
    socketEnds: facts.socketEnds,
    stalledAtMicros: facts.stalledAtMicros,
    stalledAfterMessages: facts.stalledAfterMessages,
    nextSequenceAtStall:
      facts.stalledAtMicros === undefined || ledger.nextSequence < 0
        ? undefined
        : refused.rankOf(ledger.nextSequence) - (ledger.receivedMessages - facts.stalledAfterMessages),
    messages: ledger.receivedMessages,
    bytes: facts.bytesRead,
    plainShare: facts.plainShare,
    clientKernelBytes: facts.unreadBytes,
    endedAtMicros: facts.endedAtMicros,
    how: describeEnd(client, ledger.closeCode),
    window: facts.window,
  };
}

function describeEnd({ facts }: CohortClient, closeCode: number): string {
  if (closeCode > 0) return `Close ${closeCode}`;
  const { end } = facts;
  const how = end?.kind === 'fin' ? 'FIN' : (end?.code ?? 'ended');
  return end?.isRecordTorn && end.kind === 'fin' ? `${how} in a TLS record` : how;
}

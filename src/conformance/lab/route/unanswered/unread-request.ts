// Requests that a hub may never have read: a kept connection ended instead of an answer, because the hub had closed it at the
// same time. Sending an event again that was delivered would make two of it, so first a nonce is sent behind it: when that has
// arrived everywhere and the event nowhere, the hub has not read it.
import type { Series } from '../../../../session/series.ts';
import type { Waiter } from '../../../../session/wait-until.ts';
import type { BroadcastOutcome } from '../../../../target/target.ts';
import type { LabClient } from '../../lab-client.ts';

interface UnreadParts {
  readonly series: Pick<Series, 'readMessage' | 'nextNonce'>;
  readonly waiter: Pick<Waiter, 'until'>;
  readonly note: (line: string) => void;
  readonly send: (texts: readonly string[], deadlineMillis?: number) => Promise<BroadcastOutcome>;
  /** Of this check. */
  readonly clients: () => readonly Pick<LabClient, 'isOpen' | 'isReading' | 'record'>[];
}

/** Once more where the hub is known not to have read the first request. */
export async function sendUntilRead(
  parts: UnreadParts,
  texts: readonly string[],
  deadlineMillis?: number,
): Promise<BroadcastOutcome> {
  const outcome = await parts.send(texts, deadlineMillis);
  if (outcome.ok || outcome.isReused !== true || !(await areUnread(parts, texts))) return outcome;
  parts.note(`${outcome.problem}; the hub had not read the request, which is sent again`);
  return parts.send(texts, deadlineMillis);
}

/** Whether none of these events was broadcast; false where that cannot be known. */
async function areUnread(
  { series, waiter, send, clients }: UnreadParts,
  texts: readonly string[],
): Promise<boolean> {
  const sent = texts.map((text) => {
    const message = series.readMessage(Buffer.from(text));
    return message.kind === 'event' ? message.reading : undefined;
  });
  const numbers = sent.flatMap((each) => (each?.kind === 'event' ? [each.sequence] : []));
  const nonces = sent.filter((each) => each?.kind === 'nonce').length;
  if (numbers.length + nonces < texts.length) return false;
  // A nonce may come twice.
  if (numbers.length === 0) return true;
  const open = clients().filter(({ isOpen }) => isOpen);
  // What waits in the hub for a client that does not read is counted: a nonce would be one more.
  if (open.some(({ isReading }) => !isReading)) return false;
  const joined = open.filter(({ record }) => record.lastNonce >= 0);
  const nonce = series.nextNonce();
  if (joined.length === 0 || !(await send([nonce.text])).ok) return false;
  const hasPassed = await waiter.until(
    () => joined.every(({ isOpen, record }) => !isOpen || record.lastNonce >= nonce.sequence),
    { what: 'a nonce behind an event whose request may not have been read' },
  );
  const hasArrived = clients().some(({ record }) =>
    numbers.some((number) => record.sequences.includes(number)),
  );
  return hasPassed && joined.some(({ isOpen }) => isOpen) && !hasArrived;
}

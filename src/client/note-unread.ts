// What the kernels of stalled clients hold, noted before they read on.
import { readSocketQueues } from '../wire/kernel/socket-queues.ts';
import type { ListeningClient } from './listening-client.ts';

/** Notes how many bytes each stalled client has not read. Notes nothing where the kernel does not show it. */
export async function noteUnread(
  clients: readonly Pick<ListeningClient, 'isOpen' | 'isStalled' | 'socketEnds' | 'facts'>[],
  hubUrls: readonly string[],
): Promise<void> {
  const stalled = clients.filter(({ isOpen, isStalled }) => isOpen && isStalled);
  if (stalled.length === 0) return;
  const queues = await readSocketQueues(
    stalled.map(({ socketEnds }) => socketEnds),
    hubUrls,
  );
  for (const [at, client] of stalled.entries()) client.facts.unreadBytes = queues[at]?.unreadBytes;
}

// Why agents cannot publish at a hub, found before anything is claimed.
import { isLoopbackUrl } from '../../target/refuse-non-loopback.ts';
import { publishersOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import { isUnixUrl } from '../../wire/address/unix-url.ts';
import type { Announcement } from '../messages/messages.ts';

/** One sentence; undefined where nothing is in the way. `host`: of the coordinator. */
export function findProducerMisfit(
  agents: readonly Pick<Announcement, 'name' | 'host'>[],
  target: Pick<Target, 'adapter' | 'producer' | 'publishers'>,
  host: string,
): string | undefined {
  const publishers = publishersOf(target as Target);
  if (publishers.length > 1)
    return 'agents cannot publish where events go to several hubs in turn; let the coordinator publish';
  const url = publishers[0]?.producer?.()?.broadcastUrl;
  if (url === undefined)
    return `agents can publish only at a hub that takes events over HTTP, and this one is driven by the adapter ${target.adapter}; let the coordinator publish, or give the broadcast URL of the hub`;
  const elsewhere = agents.find((agent) => agent.host !== host);
  if (elsewhere !== undefined && (isUnixUrl(url) || isLoopbackUrl(url)))
    return `agent ${elsewhere.name} is on ${elsewhere.host}, where ${url} is another hub or none, so that it cannot publish there; give the broadcast URL by which other machines reach the hub`;
  return undefined;
}

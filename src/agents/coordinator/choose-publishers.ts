// Who publishes the events of a run: agents in turn where that gives latencies of one clock that nobody has otherwise, or where the
// user wants it; the coordinator where agents cannot.
import type { PublishFrom } from '../../kit/publish-from.ts';
import type { LoadPlan } from '../../load/plan/plan.ts';
import { isLoopbackUrl } from '../../target/refuse-non-loopback.ts';
import { publishersOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { isUnixUrl } from '../../wire/address/unix-url.ts';
import type { Announcement } from '../messages/messages.ts';

export interface Publishers {
  readonly agents: readonly Pick<Announcement, 'name' | 'host' | 'clockId'>[];
  readonly target: Pick<Target, 'adapter' | 'producer' | 'publishers'>;
  /** Of the coordinator, as is `clockId`. */
  readonly host: string;
  readonly clockId: string | undefined;
}

/** Not ok: why agents cannot publish, one sentence. `wanted` is undefined where the user leaves it to the kit. */
export function choosePublishers(
  wanted: PublishFrom | undefined,
  { faults }: Pick<LoadPlan, 'faults'>,
  publishers: Publishers,
): Parsed<PublishFrom> {
  if (wanted === 'coordinator') return parsed('coordinator');
  const obstacle =
    faults.length > 0 ? 'agents cannot publish in a run with faults' : findObstacle(publishers);
  if (wanted === 'agents') return obstacle === undefined ? parsed('agents') : unparsed(obstacle);
  const { agents, clockId } = publishers;
  const haveOwnClock = agents.some((agent) => clockId === undefined || agent.clockId !== clockId);
  return parsed(haveOwnClock && obstacle === undefined ? 'agents' : 'coordinator');
}

/**
 * Between two blocks lies the way of two messages, by which the first events of a block are late, and an error is half of such a way
 * and back. What the kit decides by itself must not show in the p99 of a latency.
 */
const MAX_ERROR_MICROS = 2_000;

/** Whether agents whose clocks are known so well hand over to each other quickly enough. */
export function areNear(agents: readonly { readonly clockErrorMicros: number }[]): boolean {
  return agents.every(({ clockErrorMicros }) => clockErrorMicros <= MAX_ERROR_MICROS);
}

function findObstacle({ agents, target, host }: Publishers): string | undefined {
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

// Looks for free agents: each shows itself once a second. Those of another version are named, as they would count otherwise.
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { Announcement } from '../messages/messages.ts';
import { readAnnouncement } from '../messages/readable.ts';
import { POOL_SUBJECT } from '../messages/subjects.ts';
import type { Bus } from '../nats/bus.ts';

/** Agents may be started at the same time as their coordinator. */
const FIND_MILLIS = 15_000;
const LOOK_MILLIS = 100;
/** Who has not shown itself for so long is gone. */
const GONE_AFTER_MILLIS = 3_000;

export interface WantedAgents {
  readonly count: number;
  readonly pool: string;
  /** Of this program. */
  readonly kit: string;
}

export interface FindParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly interruption: AbortSignal;
}

/** The first so many by name. */
export async function findAgents(
  wanted: WantedAgents,
  { bus, clock, interruption }: FindParts,
): Promise<Parsed<readonly Announcement[]>> {
  const seen = new Map<string, Announcement & { readonly seenAtMicros: number }>();
  const listening = bus.subscribe(POOL_SUBJECT, (payload) => {
    const announcement = readAnnouncement(payload);
    if (announcement) seen.set(announcement.id, { ...announcement, seenAtMicros: clock.nowMicros() });
    return undefined;
  });
  const untilMicros = clock.nowMicros() + FIND_MILLIS * 1e3;
  const present = () =>
    [...seen.values()].filter(
      ({ seenAtMicros }) => clock.nowMicros() - seenAtMicros < GONE_AFTER_MILLIS * 1e3,
    );
  const usable = () =>
    present().filter(({ pool, kit, isFree }) => pool === wanted.pool && kit === wanted.kit && isFree);
  const isOver = () => clock.nowMicros() >= untilMicros || bus.refusal() !== undefined;
  while (usable().length < wanted.count && !isOver() && !interruption.aborted)
    await pause(clock, LOOK_MILLIS, interruption);
  listening.end();
  const refusal = bus.refusal();
  if (refusal !== undefined) return unparsed(refusal);
  const found = usable().sort((one, other) => one.name.localeCompare(other.name));
  return found.length >= wanted.count
    ? parsed(found.slice(0, wanted.count))
    : unparsed(describeShortage(wanted, found.length, present()));
}

function describeShortage(
  { count, pool, kit }: WantedAgents,
  free: number,
  seen: readonly Announcement[],
): string {
  const inPool = seen.filter((agent) => agent.pool === pool);
  const others = inPool
    .filter((agent) => agent.kit !== kit)
    .map((agent) => `${agent.name} has version ${agent.kit}`);
  const busy = inPool
    .filter((agent) => agent.kit === kit && !agent.isFree)
    .map(({ name }) => `${name} is busy`);
  const elsewhere = seen.length - inPool.length;
  const why = [
    ...busy,
    ...(others.length > 0
      ? [`${others.join(', ')}, and this program ${kit}: install the same everywhere`]
      : []),
    ...(elsewhere > 0 ? [`${elsewhere} in other pools`] : []),
  ];
  const details = why.length > 0 ? ` (${why.join('; ')})` : '';
  return `wanted ${count} free ${count === 1 ? 'agent' : 'agents'} in pool "${pool}", found ${free} within ${FIND_MILLIS / 1e3} s${details}; start more with norn-loadtest agent --nats URL`;
}

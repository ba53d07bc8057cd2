// What the hub still holds when the clients of a program are gone: clients that it counts, descriptors, and memory.
import type { Target } from '../../../target/target.ts';
import type { HubSession } from './hub-session.ts';
import type { Member } from './member.ts';
import type { HubRecord } from './recording.ts';

/** Between looks: soon after the clients have gone, then less often. */
const FIRST_LOOK_MILLIS = 4;
const LAST_LOOK_MILLIS = 32;
/** A hub frees what it holds for a client within its grace, and other limits of its own. */
const RELEASE_MILLIS = 4_000;
/** Connections of producers are kept for a moment, and a process opens files of its own. */
const SPARE_DESCRIPTORS = 16;
/** All programs on a hub together. */
const SPARE_DESCRIPTORS_IN_ALL = 64;
/** Runtimes with a garbage collector keep what they once needed: in one program, and in all. */
const SPARE_MEBIBYTES = 512;
const SPARE_MEBIBYTES_IN_ALL = 2_048;
const MEBIBYTE = 1024 * 1024;

export interface HubUse {
  readonly clients: number | undefined;
  readonly descriptors: number | undefined;
  readonly mebibytes: number | undefined;
  /** Clients of ours that were connected then, beside the one that listens all the time. */
  readonly connected: number;
}

export async function readUse(target: Target, connected: number): Promise<HubUse> {
  const [resources, stats] = await Promise.all([
    target.abilities.resources ? target.resources() : undefined,
    // On a hub that others use, too, the number of clients says nothing.
    target.abilities.restart && target.abilities.stats ? target.stats() : undefined,
  ]);
  return {
    clients: stats?.clients,
    descriptors: resources?.descriptors,
    mebibytes: resources && Math.round(resources.rssBytes / MEBIBYTE),
    connected,
  };
}

export interface UseAfter {
  readonly extras: Pick<
    HubRecord,
    'extraClients' | 'uncountedClients' | 'extraDescriptors' | 'extraMebibytes'
  >;
  /** What the next program begins with. */
  readonly use: HubUse;
}

export async function countExtras(
  session: HubSession,
  before: HubUse,
  stays: readonly Member[],
): Promise<UseAfter> {
  const { target, signal } = session.parts;
  const untilMillis = session.nowMillis() + Math.min(RELEASE_MILLIS, session.parts.waitMillis);
  for (let lookMillis = FIRST_LOOK_MILLIS; ; lookMillis = Math.min(2 * lookMillis, LAST_LOOK_MILLIS)) {
    const use = await readUse(target, stays.length);
    const extras = {
      ...compareUse(session.firstUse ?? before, before, use),
      uncountedClients: session.isCountExact ? uncounted(use) : undefined,
    };
    session.isCountExact ||= isExact(use);
    const isClean = Object.values(extras).every((extra) => !extra);
    if (isClean || session.nowMillis() >= untilMillis || signal.aborted) return { extras, use };
    await session.pause(lookMillis);
  }
}

/** It counts those who are connected, and nobody else. */
export const isExact = ({ clients, connected }: HubUse): boolean => clients === connected + 1;

/** Clients that are connected, the one that listens all the time among them, and that the hub does not count. */
export function uncounted({ clients, connected }: HubUse): number | undefined {
  return clients === undefined ? undefined : Math.max(0, connected + 1 - clients);
}

/** Beyond what was there before the program, and for what adds up slowly, when the session began. */
export function compareUse(
  first: HubUse,
  before: HubUse,
  now: HubUse,
): Omit<UseAfter['extras'], 'uncountedClients'> {
  const beyond = (was: HubUse, key: 'clients' | 'descriptors', spare: number): number | undefined => {
    const [then, is] = [was[key], now[key]];
    if (then === undefined || is === undefined) return undefined;
    return Math.max(0, is - then - (now.connected - was.connected) - spare);
  };
  const grown = (was: HubUse, spare: number): number | undefined =>
    was.mebibytes === undefined || now.mebibytes === undefined
      ? undefined
      : Math.max(0, now.mebibytes - was.mebibytes - spare);
  const larger = (one: number | undefined, other: number | undefined): number | undefined =>
    one === undefined || other === undefined ? undefined : Math.max(one, other);
  return {
    extraClients: beyond(before, 'clients', 0),
    extraDescriptors: larger(
      beyond(before, 'descriptors', SPARE_DESCRIPTORS),
      beyond(first, 'descriptors', SPARE_DESCRIPTORS_IN_ALL),
    ),
    extraMebibytes: larger(grown(before, SPARE_MEBIBYTES), grown(first, SPARE_MEBIBYTES_IN_ALL)),
  };
}

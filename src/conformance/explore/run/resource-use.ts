// What the hub still holds when the clients of a program are gone: clients that it counts, and descriptors.
import type { Target } from '../../../target/target.ts';
import type { HubSession } from './hub-session.ts';
import type { Member } from './member.ts';
import type { HubRecord } from './recording.ts';

const LOOK_INTERVAL_MILLIS = 30;
/** A hub frees what it holds for a client within its grace, and other limits of its own. */
const RELEASE_MILLIS = 4_000;
/** Connections of producers are kept for a moment, and a process opens files of its own. */
const SPARE_DESCRIPTORS = 16;

export interface HubUse {
  readonly clients: number | undefined;
  readonly descriptors: number | undefined;
  /** Clients of ours that were connected then. */
  readonly connected: number;
}

export async function readUse(target: Target, connected = 0): Promise<HubUse> {
  const [resources, stats] = await Promise.all([
    target.abilities.resources ? target.resources() : undefined,
    // On a hub that others use, too, the number of clients says nothing.
    target.abilities.restart && target.abilities.stats ? target.stats() : undefined,
  ]);
  return { clients: stats?.clients, descriptors: resources?.descriptors, connected };
}

export async function countExtras(
  session: HubSession,
  before: HubUse,
  stays: readonly Member[],
): Promise<Pick<HubRecord, 'extraClients' | 'extraDescriptors'>> {
  const { target, signal } = session.parts;
  const untilMillis = session.nowMillis() + Math.min(RELEASE_MILLIS, session.parts.waitMillis);
  const more = stays.length - before.connected;
  for (;;) {
    const now = await readUse(target);
    const extra = (key: 'clients' | 'descriptors', spare: number): number | undefined => {
      const [was, is] = [before[key], now[key]];
      return was === undefined || is === undefined ? undefined : Math.max(0, is - was - more - spare);
    };
    const extras = {
      extraClients: extra('clients', 0),
      extraDescriptors: extra('descriptors', SPARE_DESCRIPTORS),
    };
    const isClean = !extras.extraClients && !extras.extraDescriptors;
    if (isClean || session.nowMillis() >= untilMillis || signal.aborted) return extras;
    await session.pause(LOOK_INTERVAL_MILLIS);
  }
}

// The anatomy of evictions in replayed fixtures: for each group of clients that were evicted from a stall the one in the
// middle.
import type { ReplayResult, SessionSummary } from '../../fixture/judge/replay-result.ts';
import type { EvictedClient } from '../anatomy/anatomy-table.ts';
import { describeAnatomy, type ToldEviction } from '../anatomy/anatomy-text.ts';

/** Two lines for each group: the story, and a bar of where its messages were. */
export function replayAnatomyLines(result: ReplayResult): string[] {
  return typicalEvictions(result).flatMap((told) => [...describeAnatomy(told)]);
}

/** For each group the eviction in the middle, by when its queue overflowed. */
export function typicalEvictions({ sessions }: ReplayResult): ToldEviction[] {
  const byGroup = new Map<string, SessionSummary[]>();
  for (const session of sessions) {
    if (session.anatomy?.overflowAtMillis == null) continue;
    byGroup.set(session.group, [...(byGroup.get(session.group) ?? []), session]);
  }
  return [...byGroup.values()].flatMap((group) => {
    const overflowAt = ({ anatomy }: SessionSummary) => anatomy?.overflowAtMillis ?? 0;
    const typical = [...group].sort((a, b) => overflowAt(a) - overflowAt(b))[Math.floor(group.length / 2)];
    return typical ? tell(typical, group.length) : [];
  });
}

function tell(session: SessionSummary, clients: number): ToldEviction[] {
  const { client, stalls, anatomy } = session;
  const stall = stalls.at(-1);
  if (!anatomy || !stall) return [];
  const who = clients === 1 ? client : `${client}, the typical one of ${clients}`;
  const { fromMillis: stalledAtMillis, messages: readMessages } = stall;
  return [{ who, stalledAtMillis, readMessages, anatomy, how: describeEnd(session) }];
}

/** Everybody whom the hub ended while or after it did not read. */
export function evictedClients({ sessions }: ReplayResult): EvictedClient[] {
  return sessions
    .filter(({ anatomy }) => anatomy !== null)
    .map(({ client, stalls, anatomy, endedAtMillis, events, bytes, closeCode, end }) => ({
      who: client,
      stalledAtMillis: stalls.at(-1)?.fromMillis ?? null,
      readMessages: stalls.at(-1)?.messages ?? null,
      anatomy,
      endedAtMillis,
      messages: events,
      bytes,
      how: describeEnd({ closeCode, end }),
    }));
}

const ENDS: Readonly<Record<string, string>> = { fin: 'FIN', reset: 'a reset' };

export function describeEnd({ closeCode, end }: Pick<SessionSummary, 'closeCode' | 'end'>): string {
  if (closeCode !== null) return `Close ${closeCode}`;
  return end === null ? 'nothing' : (ENDS[end] ?? end);
}

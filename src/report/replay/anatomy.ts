// Evicted clients of a replayed fixture, as the reports on anatomies show them.
import type { ReplayResult, SessionSummary } from '../../fixture/judge/replay-result.ts';
import { anatomyLines } from '../anatomy/anatomy-lines.ts';
import { type EvictedClient, type TypicalEviction, typicalEvictions } from '../anatomy/evicted-client.ts';

/** Two lines for each group: the story of its typical eviction, and a bar of where its messages were. */
export function replayAnatomyLines(result: ReplayResult): string[] {
  return typicalReplayEvictions(result).flatMap((eviction) => anatomyLines(eviction, true));
}

export function typicalReplayEvictions(result: ReplayResult): TypicalEviction[] {
  return typicalEvictions(evictedClients(result)).map((eviction) => {
    const { who, outOf } = eviction;
    return outOf === 1 ? eviction : { ...eviction, who: `${who}, the typical one of ${outOf}` };
  });
}

/** Clients that the hub ended during a stall or after it. */
export function evictedClients({ sessions }: ReplayResult): EvictedClient[] {
  return sessions
    .filter(({ anatomy }) => anatomy !== null)
    .map(({ client, group, stalls, anatomy, endedAtMillis, events, bytes, closeCode, end }) => ({
      group,
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

// The anatomy of evictions in replayed fixtures: for each group of clients that were evicted from a stall the one in the
// middle.
import type { ReplayResult, SessionSummary } from '../scenario/fixture/replay-result.ts';
import { describeAnatomy } from './anatomy-text.ts';

/** Two lines for each group: the story, and a bar of where its messages were. */
export function replayAnatomyLines({ sessions }: ReplayResult): string[] {
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

function tell({ client, stalls, anatomy, closeCode, end }: SessionSummary, clients: number): string[] {
  const stall = stalls.at(-1);
  if (!anatomy || !stall) return [];
  const how = closeCode === null ? (end ?? 'nothing') : `Close ${closeCode}`;
  const who = clients === 1 ? client : `${client}, the typical one of ${clients}`;
  const { fromMillis: stalledAtMillis, messages: readMessages } = stall;
  return [...describeAnatomy({ who, stalledAtMillis, readMessages, anatomy, how })];
}

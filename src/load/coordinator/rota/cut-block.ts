// The next block of a rota: a second of a schedule, with the texts that are to be sent.
import { stampEvent } from '../../../protocol/content-check.ts';
import type { DueEvent } from '../../plan/schedule.ts';
import { type ScheduleAhead, writtenDue } from './schedule-ahead.ts';

const BLOCK_MICROS = 1_000_000;
/** A larger block ends sooner. */
const MAX_BLOCK_CHARS = 4 * 1024 * 1024;

export interface Block {
  readonly number: number;
  readonly fromMicros: number;
  readonly untilMicros: number;
  /** The number that its first event has in the run. */
  readonly firstSequence: number;
  readonly events: readonly DueEvent[];
  /** As they are to be sent. */
  readonly texts: readonly string[];
}

export interface BlockPlace {
  readonly number: number;
  readonly runId: string;
  readonly fromMicros: number;
  /** Of the last block. */
  readonly endMicros: number;
}

/** Without events where none is due then, or where those that are due first are too large together. */
export function cutBlock(
  schedule: ScheduleAhead,
  { number, runId, fromMicros, endMicros }: BlockPlace,
): Block {
  const mostMicros = Math.min(fromMicros + BLOCK_MICROS, endMicros);
  const { first, events } = schedule.between(fromMicros, mostMicros);
  const texts: string[] = [];
  let chars = 0;
  for (const { envelope, dueMicros } of events) {
    const text = stampEvent(envelope, { runId, sequence: first + texts.length, dueMicros });
    chars += text.length;
    if (chars > MAX_BLOCK_CHARS) break;
    texts.push(text);
  }
  const firstLeftOut = events[texts.length];
  const untilMicros = firstLeftOut === undefined ? mostMicros : writtenDue(firstLeftOut);
  const inside = events.filter((event) => writtenDue(event) < untilMicros);
  return {
    ...{ number, fromMicros, firstSequence: first, events: inside },
    untilMicros: untilMicros > fromMicros ? untilMicros : mostMicros,
    texts: texts.slice(0, inside.length),
  };
}

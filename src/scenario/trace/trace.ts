// Reads a trace: a recorded stream of a hub, one JSON line for each event with its time. record.ts writes it; scenarios and
// fixtures play it.
import { MAX_DATA_BYTES, readLimitedFile } from '../../files/limited-file.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export const TRACE_VERSION = 1;

/** One line of a trace. Times are milliseconds from the start of the recording. */
export type TraceLine =
  /** The first line. */
  | {
      readonly kind: 'trace';
      readonly version: number;
      readonly url: string;
      readonly startedAt: string;
      /** How the recording client read, in the words of --cohort. */
      readonly reads: string;
      /** Paths whose values were replaced. */
      readonly redacted: readonly string[];
    }
  | { readonly kind: 'event'; readonly atMillis: number; readonly bytes: number; readonly envelope: Envelope }
  /** A message that is not an event, as text of at most 2,000 characters. */
  | { readonly kind: 'other'; readonly atMillis: number; readonly bytes: number; readonly text: string }
  | { readonly kind: 'note'; readonly atMillis: number; readonly what: string }
  /** The last line of a complete recording. */
  | { readonly kind: 'end'; readonly atMillis: number; readonly events: number; readonly why: string };

export interface Trace {
  readonly path: string;
  readonly events: readonly { readonly atMillis: number; readonly envelope: Envelope }[];
  /** False when the file has no end line, as after a full disk; its events are valid. */
  readonly isComplete: boolean;
}

/** Reads a trace; skips a truncated last line. The problem names file and line. */
export function readTrace(path: string): Parsed<Trace> {
  const text = readLimitedFile(path, MAX_DATA_BYTES);
  if (!text.ok) return unparsed(`trace ${path}: ${text.problem}`);
  const events: { atMillis: number; envelope: Envelope }[] = [];
  let isComplete = false;
  const lines = text.value.split('\n');
  const isCutOff = lines.at(-1) !== '';
  for (const [index, line] of (isCutOff ? lines.slice(0, -1) : lines).entries()) {
    if (line === '') continue;
    const read = readLine(line, index === 0);
    if (!read.ok) return unparsed(`${path}:${index + 1}: ${read.problem}`);
    if (read.value.kind === 'event') events.push(read.value);
    isComplete = read.value.kind === 'end';
  }
  return parsed({ path, events, isComplete });
}

function readLine(line: string, isFirst: boolean): Parsed<TraceLine> {
  let value: TraceLine;
  try {
    value = JSON.parse(line) as TraceLine;
  } catch {
    return unparsed('not a JSON line: is this a trace of norn-loadtest record?');
  }
  if (isFirst && (value?.kind !== 'trace' || value.version !== TRACE_VERSION))
    return unparsed(`not the first line of a trace of version ${TRACE_VERSION}`);
  if (value.kind !== 'event') return parsed(value);
  if (typeof value.atMillis !== 'number' || !(value.atMillis >= 0))
    return unparsed('the event has no time (atMillis)');
  return isEnvelope(value.envelope)
    ? parsed(value)
    : unparsed('the event is not an envelope (type, appId, payload)');
}

/** Checks only the shape: an event that violates the rules of its type is worth replaying, too. */
export function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { type, appId, payload } = value as Record<string, unknown>;
  return (
    typeof type === 'string' && typeof appId === 'string' && typeof payload === 'object' && payload !== null
  );
}

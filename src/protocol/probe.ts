// The probe: what the kit writes into an event so that a delivery can be traced to its publication:
// run id, sequence number, due time. It is one string field, because one known consumer of the protocol decodes
// payloads as maps of strings, and it never collides with a documented field.
import { hashText, hexDigits } from './hash.ts';

/** The payload field that carries the probe. */
export const PROBE_FIELD = 'nornProbe';

export interface Probe {
  /** Names the run; events of other runs on the same hub are foreign and not judged. Letters and digits only. */
  readonly runId: string;
  /** Position in the run's one order of publication, from 0. */
  readonly sequence: number;
  /** When the event should have been sent, in whole microseconds of the machine's monotonic clock. */
  readonly dueMicros: number;
  /** Eight hex digits over the event's content (content-check.ts), so that every delivery can be judged by itself. */
  readonly contentCheck?: string;
}

export function encodeProbe(probe: Probe): string {
  const text = `${probe.runId}.${probe.sequence}.${Math.round(probe.dueMicros)}`;
  return probe.contentCheck === undefined ? text : `${text}.${probeCheck(text)}${probe.contentCheck}`;
}

const PROBE_PATTERN = /^(([A-Za-z0-9]+)\.(\d+)\.(\d+))(?:\.([0-9a-f]{4})([0-9a-f]{8}))?$/;

/**
 * The probe in a payload's probe field. Undefined when there is none (a foreign event) or when it is damaged: a check
 * that does not fit its own text.
 */
export function decodeProbe(field: unknown): Probe | undefined {
  if (typeof field !== 'string') return undefined;
  const match = PROBE_PATTERN.exec(field);
  if (match === null) return undefined;
  const [, text = '', runId = '', sequence, dueMicros, ownCheck, contentCheck] = match;
  if (ownCheck !== undefined && ownCheck !== probeCheck(text)) return undefined;
  const probe = { runId, sequence: Number(sequence), dueMicros: Number(dueMicros) };
  return contentCheck === undefined ? probe : { ...probe, contentCheck };
}

/** Four hex digits over the probe's own text: a damaged sequence number must not be believed. */
function probeCheck(text: string): string {
  return hexDigits(hashText(text, 0) >>> 0, 4);
}

// The probe: what the kit writes into an event so that a delivery can be traced to its publication:
// run id, sequence number, due time. It is one string field, because one known consumer of the protocol decodes
// payloads as maps of strings, and it never collides with a documented field.

/** The payload field that carries the probe. */
export const PROBE_FIELD = 'nornProbe';

export interface Probe {
  /** Names the run; events of other runs on the same hub are foreign and not judged. Letters and digits only. */
  readonly runId: string;
  /** Position in the run's one order of publication, from 0. */
  readonly sequence: number;
  /** When the event should have been sent, in whole microseconds of the machine's monotonic clock. */
  readonly dueMicros: number;
}

export function encodeProbe(probe: Probe): string {
  return `${probe.runId}.${probe.sequence}.${Math.round(probe.dueMicros)}`;
}

const PROBE_PATTERN = /^([A-Za-z0-9]+)\.(\d+)\.(\d+)$/;

/** The probe in a payload's probe field, or undefined when there is none (a foreign event). */
export function decodeProbe(field: unknown): Probe | undefined {
  if (typeof field !== 'string') return undefined;
  const match = PROBE_PATTERN.exec(field);
  if (match === null) return undefined;
  return { runId: match[1] ?? '', sequence: Number(match[2]), dueMicros: Number(match[3]) };
}

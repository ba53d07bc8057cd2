// What one message says, judged by itself: an event of this run, a foreign one, or damage. A pure function of the
// text, so that the verdict is the same whichever client brought the message and whatever came before it.
import { contentCheck, contentHash } from '../../protocol/content-check.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { decodeProbe, PROBE_FIELD } from '../../protocol/probe.ts';

export type EventReading =
  | { readonly kind: 'foreign' }
  /** It carries a probe that cannot be read: which event it was is unknown. */
  | { readonly kind: 'damaged' }
  | {
      readonly kind: 'event';
      readonly sequence: number;
      readonly dueMicros: number;
      /** Whether the content is what was published; unchecked when the probe has no check to compare with. */
      readonly content: 'intact' | 'altered' | 'unchecked';
      /** To hold other copies against; 0 unless unchecked. */
      readonly contentHash: number;
      readonly envelope: unknown;
    };

const FOREIGN: EventReading = { kind: 'foreign' };
const DAMAGED: EventReading = { kind: 'damaged' };

/** `value` is parsed JSON of any shape. */
export function readEvent(value: unknown, runId: string): EventReading {
  const field = probeField(value);
  if (field === undefined) return FOREIGN;
  const probe = decodeProbe(field);
  if (probe === undefined || !Number.isSafeInteger(probe.sequence)) return DAMAGED;
  if (probe.runId !== runId) return FOREIGN;
  const content =
    probe.contentCheck === undefined
      ? 'unchecked'
      : probe.contentCheck === contentCheck(value as Envelope)
        ? 'intact'
        : 'altered';
  return {
    kind: 'event',
    sequence: probe.sequence,
    dueMicros: probe.dueMicros,
    content,
    contentHash: content === 'unchecked' ? contentHash(value) : 0,
    envelope: value,
  };
}

function probeField(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const payload = (value as { payload?: unknown }).payload;
  if (typeof payload !== 'object' || payload === null) return undefined;
  return (payload as Record<string, unknown>)[PROBE_FIELD];
}

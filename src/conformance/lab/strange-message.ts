// Messages that nobody broadcast: a greeting, a heartbeat, a notice. Whatever a hub sends is an envelope.
import { parseEnvelope } from '../../protocol/envelope-validation.ts';
import type { LabClient } from './lab-client.ts';

/** The first message that is no envelope, and what is wrong with it; for clients that keep all texts. */
export function findStrangeMessage({ record, name }: LabClient): string | undefined {
  for (const { text } of record.texts) {
    const verdict = parseEnvelope(text);
    if (!verdict.ok) return `${verdict.problem}: ${JSON.stringify(text.slice(0, 200))} (client ${name})`;
  }
  return undefined;
}

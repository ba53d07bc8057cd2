// Finds what arrived of an event among the texts that a client kept: by the beginning of its probe, which stays the same
// whatever a hub does to the rest of the text.
import { PROBE_FIELD } from '../../../protocol/probe.ts';

/** The series and the sequence number; anchored, so that megabytes of letters cost no more than one look at each. */
const MARK = new RegExp(`"${PROBE_FIELD}":"([A-Za-z0-9]+\\.\\d+\\.)`);

export function findTextOf(sent: string, texts: readonly { readonly text: string }[]): string | undefined {
  const mark = MARK.exec(sent)?.[1];
  return mark === undefined ? undefined : texts.find(({ text }) => text.includes(mark))?.text;
}

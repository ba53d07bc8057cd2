// Which events of a run a message holds, whichever check published them: each carries its series' name and its number in
// its probe, and all series of a run begin alike.

/** `c0123456789x00012.17`: series and number. In the order in which the message holds them. */
export type EventKey = string;

/** Longer than any series' name and number together. */
const KEY_BYTES = 80;
const KEY_PATTERN = /^[A-Za-z0-9]+\.\d+/;

export function readEventKeys(message: Buffer, runPrefix: Buffer): readonly EventKey[] {
  const keys: EventKey[] = [];
  for (let at = message.indexOf(runPrefix); at !== -1; at = message.indexOf(runPrefix, at + 1)) {
    const match = KEY_PATTERN.exec(message.toString('latin1', at, at + KEY_BYTES));
    if (match !== null) keys.push(match[0]);
  }
  return keys;
}

/** The first of them in a text that was not sent yet. */
export function readFirstKey(text: string, runPrefix: string): EventKey | undefined {
  for (let at = text.indexOf(runPrefix); at !== -1; at = text.indexOf(runPrefix, at + 1)) {
    const match = KEY_PATTERN.exec(text.slice(at, at + KEY_BYTES));
    if (match !== null) return match[0];
  }
  return undefined;
}

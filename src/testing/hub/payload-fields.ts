// What a hub does that decodes payloads into a struct: it sees the fields right inside, and not what is further in.

/** The envelope with every field right inside its payload as `change` has it. */
export function changePayloadFields(text: string, change: (value: unknown) => unknown): string {
  const { payload, ...rest } = JSON.parse(text);
  const changed = Object.entries(payload).map(([name, value]) => [name, change(value)]);
  return JSON.stringify({ ...rest, payload: Object.fromEntries(changed) });
}

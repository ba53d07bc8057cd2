// Texts of several lengths, each from a client of its own, and which of them the hub takes.
import { encodeClientFrame } from '../../../wire/frame-writer.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

/** A library may answer the Ping before the program takes the text from it. */
const LATER_MILLIS = 300;

export interface SentText {
  readonly bytes: number;
  readonly client: LabClient;
  /** The Ping after it was answered, and the client is still connected. */
  readonly isTaken: boolean;
}

export async function sendTexts(
  lab: Lab,
  sizesBytes: readonly number[],
  textOf: (bytes: number) => string,
): Promise<readonly SentText[]> {
  const sent = await Promise.all(
    sizesBytes.map(async (bytes) => {
      const client = await lab.connect();
      client.sendRaw(encodeClientFrame(1, textOf(bytes)), `a text of ${bytes} B`);
      return { bytes, client, isAnswered: await client.ping('after') };
    }),
  );
  await lab.until(
    () => sent.some(({ client, isAnswered }) => isAnswered && !client.isOpen),
    'the end of a connection',
    LATER_MILLIS,
  );
  return sent.map(({ bytes, client, isAnswered }) => ({
    ...{ bytes, client },
    isTaken: isAnswered && client.isOpen,
  }));
}

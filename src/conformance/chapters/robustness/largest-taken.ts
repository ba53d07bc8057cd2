// The largest message that a hub takes from a client. Where it takes one, it must take a shorter one.
import { encodeClientFrame } from '../../../wire/frame-writer.ts';
import { type Finding, fail } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

/** At the edges of the length field, of signed numbers, and of what buffers hold; from the shortest. */
const SIZES_BYTES = [
  1, 16, 100, 600, 1_500, 4_000, 8_192, 16_384, 32_767, 32_768, 40_000, 65_535, 65_536, 70_000,
];
/** A library may answer the Ping before the program takes the text from it. */
const LATER_MILLIS = 200;
/** Invalid data, of a text that is valid: no answer to a message that is only long. */
const INVALID_DATA = 1007;

interface LargestTaken {
  /** 0: none. */
  readonly bytes: number;
  /** Something else than a limit. */
  readonly finding?: Finding;
}

export async function findLargestTaken(lab: Lab): Promise<LargestTaken> {
  const sent = await Promise.all(
    SIZES_BYTES.map(async (bytes) => {
      const client = await lab.connect();
      client.sendRaw(
        encodeClientFrame(1, '\u20ac'.repeat(bytes / 3).padEnd(bytes - 2 * Math.floor(bytes / 3), 'x')),
        `a text of ${bytes} B`,
      );
      return { bytes, client, isAnswered: await client.ping('after') };
    }),
  );
  await lab.until(
    () => sent.some(({ client, isAnswered }) => isAnswered && !client.isOpen),
    'the end of a connection',
    LATER_MILLIS,
  );
  const isTaken = ({ client, isAnswered }: (typeof sent)[number]): boolean => isAnswered && client.isOpen;
  const largest = sent.findLast(isTaken);
  const bytes = largest?.bytes ?? 0;
  const refused = sent.find((one) => !isTaken(one) && one.bytes < bytes);
  if (refused !== undefined)
    return {
      bytes,
      finding: refusedShorter(refused.client, `a text of ${refused.bytes} B, as one of ${bytes} B is taken`),
    };
  const next = sent.find((one) => one.bytes > bytes);
  const code = next?.client.record.closes[0]?.code;
  if (next !== undefined && code === INVALID_DATA)
    return { bytes, finding: refusedShorter(next.client, `a text of ${next.bytes} B, or Close 1009`) };
  return { bytes };
}

const refusedShorter = (client: LabClient, what: string): Finding =>
  fail({ expected: `the hub takes ${what}`, got: describeState(client) });

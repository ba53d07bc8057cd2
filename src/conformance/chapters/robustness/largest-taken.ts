// The largest message that a hub takes from a client. Where it takes one, it must take a shorter one.
import { type Finding, fail } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { sendTexts } from './sent-texts.ts';

/** At the edges of the length field, of signed numbers, and of what buffers hold; from the shortest. */
const SIZES_BYTES = [
  1, 16, 100, 600, 1_500, 4_000, 8_192, 16_384, 32_767, 32_768, 40_000, 65_535, 65_536, 70_000,
];
/** Invalid data, of a text that is valid: no answer to a message that is only long. */
const INVALID_DATA = 1007;

interface LargestTaken {
  /** 0: none. */
  readonly bytes: number;
  /** Something else than a limit. */
  readonly finding?: Finding;
}

export async function findLargestTaken(lab: Lab): Promise<LargestTaken> {
  const sent = await sendTexts(lab, SIZES_BYTES, inEuros);
  const bytes = sent.findLast(({ isTaken }) => isTaken)?.bytes ?? 0;
  const refused = sent.find((one) => !one.isTaken && one.bytes < bytes);
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

/** Characters of three bytes, and what is missing. */
const inEuros = (bytes: number): string =>
  '\u20ac'.repeat(bytes / 3).padEnd(bytes - 2 * Math.floor(bytes / 3), 'x');

const refusedShorter = (client: LabClient, what: string): Finding =>
  fail({ expected: `the hub takes ${what}`, got: describeState(client) });

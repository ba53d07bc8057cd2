// How large messages may be: the largest event that reaches a client, and the largest message a client may send.
import { OPCODE } from '../../../wire/frame-header.ts';
import type { Check } from '../../check.ts';
import { type Finding, pass, unmeasured } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import { describeRefusal } from '../../lab/route/refusal.ts';
import { orUnmeasured } from './or-unmeasured.ts';

const KIB = 1024;
const MOST_BYTES = 16 * 1024 * KIB;
/** For a hub that does not even take 64 KiB. */
const SMALL_BYTES = [16 * KIB, 4 * KIB, KIB];
const ANSWER_MILLIS = 5_000;
/** A slow hub gets an interval instead of a number: the search ends after so long. */
const SEARCH_MILLIS = 8_000;
/** Large events take their time on both sides: not every one is worth it. */
const CLOSE_ENOUGH = 1.15;

export const largestMessage: Check = {
  id: 'measurement.largest-message',
  chapter: 'measurement',
  title: 'the largest event that reaches a client',
  level: 'info',
  clause: { source: 'protocol: Event Envelope', quote: '`payload` | object | Type-specific data' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A build log may be too large for its event to arrive. Events of 64 KiB, 1, 4 and 16 MiB are broadcast; between the largest that arrived whole and the smallest that did not, the limit is narrowed down to 15 percent, as far as that takes no more than 8 s; for a hub that takes less than 64 KiB, from 1 KiB on. It may be a limit of the broadcast request, of the hub, or of its writer: the evidence describes what happened to the first event that failed.',
  isolation: 'alone',
  run: (lab) => orUnmeasured(['largestMessageBytes'], () => findLargest(lab)),
};

async function findLargest(lab: Lab): Promise<Finding> {
  let [delivered, failed] = [0, Number.POSITIVE_INFINITY];
  let problem = '';
  const ask = async (bytes: number): Promise<boolean> => {
    const found = await deliver(lab, bytes);
    if (found === undefined) delivered = bytes;
    else [failed, problem] = [bytes, found];
    return found === undefined;
  };
  for (const bytes of [64 * KIB, 1024 * KIB, 4096 * KIB, MOST_BYTES])
    if (!mayGoOn(lab) || !(await ask(bytes))) break;
  for (const bytes of SMALL_BYTES) if (delivered === 0) await ask(bytes);
  if (delivered === 0) return unmeasured(['largestMessageBytes'], `an event of ${failed} B: ${problem}`);
  if (failed === Number.POSITIVE_INFINITY)
    return pass({ measurements: { largestMessageBytes: { value: delivered, low: delivered } } });
  while (failed > delivered * CLOSE_ENOUGH && mayGoOn(lab)) await ask(chooseBetween(delivered, failed));
  return pass({
    evidence: [`an event of ${failed} B: ${problem}`],
    measurements: { largestMessageBytes: { value: delivered, low: delivered, high: failed } },
  });
}

const mayGoOn = (lab: Lab): boolean => !lab.signal.aborted && lab.elapsedMillis() < SEARCH_MILLIS;

/** Undefined when a client got an event of so many bytes whole. */
async function deliver(lab: Lab, bytes: number): Promise<string | undefined> {
  const reader = await lab.witness();
  const bare = Buffer.byteLength(lab.series.next({ paddingBytes: 0 }).text);
  const event = lab.series.next({ paddingBytes: bytes - bare });
  const outcome = await lab.tryBroadcast([event.text]);
  if (!outcome.ok) return describeRefusal(lab, outcome, `an event of ${bytes} B`);
  // What comes after it tells at once when it is lost.
  const fence = lab.series.next();
  await lab.tryBroadcast([fence.text]);
  const { record } = reader;
  const isOver = (): boolean => record.sequences.includes(fence.sequence) || record.faults.length > 0;
  await reader.until(isOver, `an event of ${bytes} B, or the one after it`, ANSWER_MILLIS);
  const isWhole = record.deliveries.some(({ sequence, isIntact }) => sequence === event.sequence && isIntact);
  const state = describeState(reader);
  reader.destroy();
  return isWhole ? undefined : state;
}

export const inboundLimit: Check = {
  id: 'measurement.inbound-limit',
  chapter: 'measurement',
  title: 'the largest message that the hub accepts from a client',
  level: 'info',
  clause: {
    source: 'RFC 6455 10.4',
    quote: 'implementations SHOULD impose reasonable limits on the frame size',
  },
  needs: [],
  deadlineMillis: 120_000,
  explain:
    'Clients only listen, so a hub needs to accept almost nothing from them. Texts of up to 16 MiB are sent, each on its own connection and followed by a Ping: a Pong means that the text was accepted, the end of the connection that it was not. The limit is narrowed down to one byte, as far as that takes no more than 8 s. 0 means that the hub accepts no message at all. robustness.length-limited judges whether there is a limit.',
  isolation: 'alone',
  run: (lab) => orUnmeasured(['inboundLimitBytes'], () => findInboundLimit(lab)),
};

async function findInboundLimit(lab: Lab): Promise<Finding> {
  const name = 'inboundLimitBytes';
  const first = await send(lab, 1);
  if (first === 'silent') return unmeasured([name], 'no Pong came after a message of one byte');
  if (first === 'closed') return pass({ measurements: { [name]: { value: 0 } } });
  if ((await send(lab, MOST_BYTES)) === 'taken') {
    const reason = 'a message of 16 MiB was taken';
    return pass({ measurements: { [name]: { value: null, low: MOST_BYTES, reason } } });
  }
  let [taken, refused] = [1, MOST_BYTES];
  while (refused - taken > 1 && mayGoOn(lab)) {
    const middle = chooseBetween(taken, refused);
    const answer = await send(lab, middle);
    if (answer === 'taken') taken = middle;
    else refused = middle;
    // Every further silence would be waited for.
    if (answer === 'silent') break;
  }
  return pass({ measurements: { [name]: { value: taken, low: taken, high: refused - 1 } } });
}

/** Limits are round numbers: a power of two while one lies between, else the middle. */
function chooseBetween(low: number, high: number): number {
  const power = 2 ** Math.floor(Math.log2(Math.sqrt(low) * Math.sqrt(high)));
  return power > low && power < high ? power : Math.floor((low + high) / 2);
}

async function send(lab: Lab, bytes: number): Promise<'taken' | 'closed' | 'silent'> {
  const client = await lab.connect();
  client.send(OPCODE.text, Buffer.alloc(bytes, 0x20));
  const hasPong = await client.ping('after', ANSWER_MILLIS);
  const answer = hasPong ? 'taken' : client.isOpen ? 'silent' : 'closed';
  client.destroy();
  return answer;
}

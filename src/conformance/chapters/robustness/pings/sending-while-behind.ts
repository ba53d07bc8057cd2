// A client that is behind and goes on sending. What it sends is no event that waits for it: it is kept with as many of
// those as one that is silent, and its Pings are answered, behind or between whole events.
import { OPCODE } from '../../../../wire/frame-header.ts';
import { type Finding, fail } from '../../../finding.ts';
import { fillBacklog, mostHiddenEvents } from '../../../lab/backlog.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { blanks } from '../../delivery/account.ts';

/** One in flight, and some behind it: a hub may look at either before it answers. */
const LARGE_EVENTS = 3;
/** Outstanding messages fewer than those with which a client is evicted. */
const ROOM = 4;
/** Published after it has sent: a hub may judge a client only then. */
const LAST_EVENTS = 2;
/** Of every length, and so many that no buffer holds them beside the events; together they are small for any kernel. */
const [PINGS, LONGEST_PING_BYTES] = [31, 120];
const [PONG_EVERY, TEXT_EVERY] = [5, 10];
/** For the hub to read them; shorter than any time limit for its answer. */
const SETTLE_MILLIS = 100;
/** Unanswered so often, of so many tries, it is not chance. */
const [MOST_UNANSWERED, TRIES] = [2, 4];
/** Half of what libraries wait before they give up a Pong that cannot be written. */
const MOST_STUCK_MILLIS = 500;
/** A hub may answer only the last of several Pings: a later one is sent when this one should be answered. */
const PONG_MILLIS = 1_000;
/** A library may answer a Ping before the program takes a text. */
const TEXTS_MILLIS = 300;

type Sending = 'nothing' | 'Pings and Pongs' | 'Pings, Pongs and texts';

interface Trial {
  /** damaged: what came is no stream of whole events. */
  readonly fate: 'kept' | 'unanswered' | 'disconnected' | 'damaged';
  /** Unanswered, and so late that a hub may have given up the Pong. */
  readonly isLate?: boolean;
  readonly finding: Finding;
}

/** @param eventBytes of the large events, rarely taken whole by one write to a socket. */
export async function findHarmOfSending(
  lab: Lab,
  witness: LabClient,
  eventBytes: number,
): Promise<Finding | undefined> {
  const attempt = (sending: Sending): Promise<Trial> => stallAndSend(lab, witness, eventBytes, sending);
  let first = await attempt('Pings, Pongs and texts');
  // A hub may have given up a Pong that it could not write in time.
  for (let unanswered = 0, tries = 1; first.fate === 'unanswered'; tries++) {
    if (!first.isLate && ++unanswered === MOST_UNANSWERED) return first.finding;
    if (tries === TRIES) return undefined;
    first = await attempt('Pings, Pongs and texts');
  }
  if (first.fate === 'kept') return undefined;
  if (first.fate === 'damaged') return first.finding;
  // A hub that disconnects silent clients, too, is judged elsewhere (slow-client.depth).
  if ((await attempt('nothing')).fate === 'disconnected') return undefined;
  const withoutTexts = await attempt('Pings and Pongs');
  if (withoutTexts.fate !== 'kept') return withoutTexts.finding;
  if (!(await takesTexts(lab))) return undefined;
  const again = await attempt('Pings, Pongs and texts');
  return again.fate === 'kept' ? undefined : again.finding;
}

async function stallAndSend(
  lab: Lab,
  witness: LabClient,
  eventBytes: number,
  sending: Sending,
): Promise<Trial> {
  const reader = await lab.witness({ window: 'small' });
  const { record } = reader;
  const before = record.sequences.length;
  reader.stopReading();
  const wanted = Math.min(LARGE_EVENTS, lab.settings.clientBufferMessages);
  const plan = { stalled: [reader], witnesses: [witness], eventBytes, outstanding: wanted };
  const { sequences, outstanding } = await fillBacklog(lab, plan);
  const isCounted = outstanding !== undefined || mostHiddenEvents(reader, eventBytes) === 0;
  const rest = lab.settings.clientBufferMessages + 2 - ROOM - (outstanding ?? sequences.length);
  const more = isCounted ? lab.affordable({ wanted: Math.max(0, rest), fewest: 0 }) : 0;
  const last = Math.min(LAST_EVENTS, more);
  await lab.publish(blanks(more - last), [witness]);
  const sentMillis = lab.elapsedMillis();
  if (sending !== 'nothing') send(reader, sending === 'Pings, Pongs and texts');
  await lab.pause(SETTLE_MILLIS);
  await lab.publish(blanks(last), [witness]);
  const stuckMillis = lab.elapsedMillis() - sentMillis;
  reader.readOn();
  const published = sequences.length + more;
  const hasAll = (): boolean => record.faults.length > 0 || record.sequences.length >= before + published;
  const isWhole = await reader.until(hasAll, 'the events that waited while it was sending');
  const [fault] = record.faults;
  const end = (fate: Trial['fate'], expected: string): Trial => {
    const finding = fail({ expected, got: fault?.problem ?? describeState(reader) }, basisOf(reader));
    reader.destroy();
    return { fate, finding };
  };
  if (fault !== undefined || (!isWhole && reader.end === undefined))
    return end('damaged', 'events that arrive whole when the client pings in the middle of a frame');
  if (!isWhole)
    return end(
      'disconnected',
      `a client for which ${published} events wait is kept although it sends ${sending}, as one that sends nothing`,
    );
  if (sending === 'nothing' || (await isAnswered(reader))) return end('kept', '');
  const expected = `a Pong for a client that pings while ${published} events wait for it`;
  return { ...end('unanswered', expected), isLate: stuckMillis > MOST_STUCK_MILLIS };
}

/** Pongs come in order: once a later Ping is answered, the wait is over. */
async function isAnswered(client: LabClient): Promise<boolean> {
  const later = 'when nothing waits any more';
  const hasPong = (): boolean => client.record.pongs.some(({ payload }) => payload.toString() !== later);
  if (await client.until(hasPong, 'a Pong behind what waited', PONG_MILLIS)) return true;
  await client.ping(later);
  return hasPong();
}

/** A hub may answer only the last of several (RFC 6455 5.5.3); libraries with one place for a Pong answer the first. */
function send(client: LabClient, hasTexts: boolean): void {
  for (let n = 1; n <= PINGS; n++) {
    if (n % PONG_EVERY === 0) client.send(OPCODE.pong, `unsolicited ${n}`);
    if (hasTexts && n % TEXT_EVERY === 0) client.send(OPCODE.text, `message ${n}`);
    client.send(OPCODE.ping, 'p'.repeat(Math.round((n / PINGS) * LONGEST_PING_BYTES)));
  }
}

/** A hub may refuse what clients send, and disconnect them for that. */
async function takesTexts(lab: Lab): Promise<boolean> {
  const client = await lab.connect();
  for (let n = TEXT_EVERY; n <= PINGS; n += TEXT_EVERY) client.send(OPCODE.text, `message ${n}`);
  await client.untilClosed(TEXTS_MILLIS);
  return client.isOpen && (await client.ping());
}

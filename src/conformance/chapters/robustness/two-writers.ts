// Pings while events flow: what a hub with two writers on one connection gets wrong.
import { OPCODE } from '../../../wire/frame-header.ts';
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, pass } from '../../finding.ts';
import { fillBacklog, findEventBytes } from '../../lab/backlog.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

const SMALL_EVENTS = 96;
const BATCH_EVENTS = 8;
/** Rarely taken whole by one write to a socket, so that there is a middle for a Pong to come into. */
const LARGE_EVENT_BYTES = 256 * 1024;
const LARGE_EVENTS = 48;
/** A hub may queue Pongs with its events, and evict who has more waiting than a buffer holds. */
const MOST_UNANSWERED = 16;
const PINGS_A_ROUND = 4;
const ROUNDS_AN_EVENT = 8;
/** For the hub to read a few Pings; shorter than any time limit for its answer. */
const HALF_WRITTEN_MILLIS = 100;

/** One in flight, and some behind it: a hub may look at either before it answers. */
const WAITING_EVENTS = 3;

/** Half of what libraries wait before they give up a Pong that cannot be written. */
const MOST_STUCK_MILLIS = 500;

export const pingsUnderLoad: Check = {
  id: 'robustness.pings-under-load',
  chapter: 'robustness',
  title: 'Pings between events are answered and corrupt no event',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.5.2',
    quote: 'Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    "Two writers on one connection break each other's frames, but only when both write. A client pings all the time, with at most 16 Pings unanswered, while 96 events of 16 KiB and 48 of 256 KiB (or as large as the hub takes; fewer where the hub is slow) arrive: every frame must be legal, every event must arrive whole, one of the last 16 Pings between them must be answered (a hub may skip all but the last of several), and so must a Ping after them. Another client does not read until the hub is certainly in the middle of a frame and has more events behind it, pings, and then resumes: its events must arrive whole, too, with no Pong inside one, and a Pong must come.",
  isolation: 'alone',
  async run(lab) {
    const client = await lab.witness();
    const largeBytes = await findEventBytes(lab, LARGE_EVENT_BYTES, [client]);
    const pinger = createPinger(client);
    const before = client.record.sequences.length;
    const count = lab.affordable({ wanted: SMALL_EVENTS + LARGE_EVENTS, fewest: 2 * BATCH_EVENTS });
    const large = Math.ceil(count / 3);
    const small = count - large;
    for (let sent = 0; sent < small; sent += BATCH_EVENTS)
      await publishAmongPings(lab, pinger, Math.min(BATCH_EVENTS, small - sent), 16 * 1024);
    for (let sent = 0; sent < large; sent++) await publishAmongPings(lab, pinger, 1, largeBytes);
    const [fault] = client.record.faults;
    if (fault) return fail({ expected: 'legal frames only', got: fault.problem }, FACTS);
    const changed = client.record.deliveries.find(({ isIntact }) => !isIntact);
    if (changed)
      return fail(
        {
          expected: 'every event as it was published',
          got: `event #${changed.sequence} arrived with different content`,
        },
        FACTS,
      );
    if (!(await client.until(() => !pinger.isIgnored(), 'a Pong for one of the last Pings')))
      return fail(
        {
          expected: 'Pings between events are answered',
          got: `none of the last ${MOST_UNANSWERED} was answered`,
        },
        basisOf(client),
      );
    if (!(await client.ping('the last')))
      return fail({ expected: 'the last Ping is answered', got: describeState(client) }, basisOf(client));
    if (client.record.sequences.length - before !== count)
      return fail({ expected: `${count} events`, got: describeState(client) }, FACTS);
    const tried = await pingInsideFrame(lab, client, largeBytes);
    // A hub may have given up a Pong that it could not write in time.
    return (tried?.isOfPong ? await pingInsideFrame(lab, client, largeBytes) : tried)?.finding ?? pass();
  },
};

interface HalfWritten {
  readonly finding: Finding;
  /** Nothing is wrong but that no Pong came. */
  readonly isOfPong: boolean;
}

/** Whoever reads as it comes leaves hardly a frame half written: this client pings when its connection is full. */
async function pingInsideFrame(
  lab: Lab,
  witness: LabClient,
  eventBytes: number,
): Promise<HalfWritten | undefined> {
  const reader = await lab.witness({ window: 'small' });
  const { record } = reader;
  const before = record.sequences.length;
  reader.stopReading();
  const outstanding = Math.min(WAITING_EVENTS, lab.settings.clientBufferMessages);
  const plan = { stalled: [reader], witnesses: [witness], eventBytes, outstanding };
  const published = (await fillBacklog(lab, plan)).sequences.length;
  const pingMillis = lab.elapsedMillis();
  for (let n = 0; n < PINGS_A_ROUND; n++) reader.send(OPCODE.ping, 'inside');
  await lab.pause(HALF_WRITTEN_MILLIS);
  reader.resumeReading();
  const stuckMillis = lab.elapsedMillis() - pingMillis;
  const hasAll = () => record.faults.length > 0 || record.sequences.length >= before + published;
  const isWhole = await reader.until(hasAll, 'the events that waited while it pinged');
  const [fault] = record.faults;
  const breach = (expected: string, isOfPong: boolean): HalfWritten => ({
    finding: fail({ expected, got: fault?.problem ?? describeState(reader) }, basisOf(reader)),
    isOfPong,
  });
  if (!isWhole || fault)
    return breach('events that arrive whole when the client pings in the middle of a frame', false);
  if (stuckMillis > MOST_STUCK_MILLIS) return undefined;
  const isAnswered = await reader.until(() => record.pongs.length > 0, 'a Pong behind what waited');
  return isAnswered ? undefined : breach('a Pong for a client that pings while events wait for it', true);
}

/** The client pings every millisecond until the events have arrived, or it has pinged often enough. */
async function publishAmongPings(lab: Lab, pinger: Pinger, count: number, bytes: number): Promise<void> {
  let isPublished = false;
  const events = Array.from({ length: count }, () => ({ paddingBytes: bytes }));
  const publishing = lab.publish(events, [pinger.client]).finally(() => {
    isPublished = true;
  });
  const pinging = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS_AN_EVENT && !isPublished && !lab.signal.aborted; round++) {
      pinger.pingOn();
      await lab.pause(1);
    }
  };
  await Promise.all([publishing, pinging()]);
}

interface Pinger {
  readonly client: LabClient;
  pingOn(): void;
  /** As many Pings as may be unanswered are. */
  isIgnored(): boolean;
}

/** Numbers its Pings: a Pong may answer all up to the one that it names. */
function createPinger(client: LabClient): Pinger {
  let sent = 0;
  const answered = () => Number(client.record.pongs.at(-1)?.payload.toString() ?? 0);
  return {
    client,
    isIgnored: () => sent - answered() >= MOST_UNANSWERED,
    pingOn() {
      const room = Math.min(PINGS_A_ROUND, MOST_UNANSWERED - (sent - answered()));
      for (let n = 0; n < room; n++) client.send(OPCODE.ping, String(++sent));
    },
  };
}

// Pings while events flow: what a hub with two writers on one connection gets wrong.
import { OPCODE } from '../../../../wire/frame-header.ts';
import type { Check } from '../../../check.ts';
import { FACTS, fail, pass } from '../../../finding.ts';
import { findEventBytes } from '../../../lab/backlog.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { findHarmOfSending } from './sending-while-behind.ts';

const SMALL_EVENTS = 96;
const BATCH_EVENTS = 8;
/** Rarely taken whole by one write to a socket, so that there is a middle for a Pong to come into. */
const LARGE_EVENT_BYTES = 256 * 1024;
const LARGE_EVENTS = 48;
/** A hub need not keep more Pongs than that for a client that reads. */
const MOST_UNANSWERED = 16;
const PINGS_A_ROUND = 4;
const ROUNDS_AN_EVENT = 8;

export const pingsUnderLoad: Check = {
  id: 'robustness.pings-under-load',
  chapter: 'robustness',
  title: 'Pings between events are answered, corrupt no event and evict nobody',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.5.2',
    quote: 'Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    "Two writers on one connection break each other's frames, but only when both write. A client pings all the time, with at most 16 Pings unanswered, while 96 events of 16 KiB and 48 of 256 KiB (or as large as the hub takes; fewer where the hub is slow) arrive: every frame must be legal, every event must arrive whole, one of the last 16 Pings between them must be answered (a hub may skip all but the last of several), and so must a Ping after them. Another client does not read until the hub is certainly in the middle of a frame and 60 messages wait; it sends 31 Pings of up to 120 bytes, Pongs and texts, two more events follow, still four fewer than those with which it is evicted, and it resumes: it must be kept, its events must arrive whole, with no Pong inside one, and a Pong must come. A hub that disconnects it when it sends nothing, or for texts when it reads, is not judged here. Where the hub is slow, fewer events wait.",
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
    return (await findHarmOfSending(lab, client, largeBytes)) ?? pass();
  },
};

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

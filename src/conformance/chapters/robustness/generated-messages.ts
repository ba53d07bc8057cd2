// What clients may send, generated: what no list of unusual frames thinks of, and as much of it as a client sends in hours.
import fc from 'fast-check';
import type { Check } from '../../check.ts';
import { type Finding, fail, listSome, pass, warn } from '../../finding.ts';
import {
  type Burst,
  clientTraffic,
  type Deflate,
  describeBurst,
  encodeBurst,
  simplerBursts,
} from '../../inputs/client-traffic.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { connectDeflated, deflateMessage } from './deflated.ts';
import { findLargestTaken } from './largest-taken.ts';

const BURSTS = 150;
const MOST_SAID = 24;
/** Below what hubs that take messages at all refuse. */
const MOST_BYTES = 16_384;
/** So that the next piece is a segment of its own. */
const BETWEEN_PIECES_MILLIS = 2;
/** A library may answer a Ping before the program takes the message before it. */
const LATER_MILLIS = 80;
/** Longer than an answer takes; a Ping that was dropped is not waited for longer. */
const PONG_MILLIS = 3_000;
const MOST_DROPPED = 2;
const PINGS_IN_TURN = 100;
/** For the answers of several Pings: what a hub drops is not waited for longer. */
const SEVERAL_PONGS_MILLIS = 50;
/** A failure is made smaller with a shorter deadline than it was found with. */
const REDUCING_WAIT_MILLIS = 1_500;
const MOST_REDUCING_MILLIS = 12_000;

export const generatedMessages: Check = {
  id: 'robustness.generated-messages',
  chapter: 'robustness',
  title: 'a client that sends generated messages keeps its connection',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.4',
    quote: 'Clients and servers MUST support receiving both fragmented and unfragmented messages.',
  },
  needs: [],
  deadlineMillis: 120_000,
  explain:
    'Clients only listen, but what they send must not end them. Two connections, one of them with compression where the hub agrees, send 150 bursts of up to 24 messages and control frames each, which follow from the seed of the run: texts and binary messages of every length up to 16 KiB (or what the hub takes), in up to 25 fragments that end anywhere, with Pings and Pongs between them, in one write or in pieces. After each burst a Ping must be answered; where one that came right after others is not, but a later one is, that is a warning. Then 100 Pings follow, each when the one before was answered. A failure is repeated on fresh connections and reduced to the smallest burst that shows it; the finding says whether it only shows after many messages. Texts of different lengths show the largest that the hub takes; a shorter one must be taken, too. Where the hub refuses all data (Close 1003 or 1008), only control frames are sent; a client that is closed with 1008 after many messages is a warning, as a hub may bound what clients send.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const largest = await findLargestTaken(lab);
    if (largest.finding !== undefined) return largest.finding;
    const mostBytes = Math.min(largest.bytes, MOST_BYTES);
    const evidence = [
      mostBytes === 0 ? 'the hub refuses data: control frames only' : `messages of up to ${mostBytes} B`,
    ];
    const traffic = clientTraffic(mostBytes, { isData: mostBytes > 0, mostSaid: MOST_SAID });
    const bursts = fc.sample(traffic, { seed: lab.settings.seed, numRuns: BURSTS });
    evidence.push(`seed ${lab.settings.seed}`);
    for (const connect of [connectPlain, connectCompressed]) {
      const found = await findUnanswered(lab, connect, bursts);
      if (found !== undefined) return { ...found, evidence: [...evidence, ...found.evidence] };
    }
    return pass({ evidence });
  },
};

interface Connected {
  readonly client: LabClient;
  readonly deflate: Deflate | undefined;
}

type Connect = (lab: Lab) => Promise<Connected | undefined>;

const connectPlain: Connect = async (lab) => ({ client: await lab.connect(), deflate: undefined });

/** Undefined: the hub does not agree to compression. */
async function connectCompressed(lab: Lab): Promise<Connected | undefined> {
  const deflated = await connectDeflated(lab);
  return deflated && { client: deflated.client, deflate: deflateMessage };
}

/** All on one connection. */
async function findUnanswered(
  lab: Lab,
  connect: Connect,
  bursts: readonly Burst[],
): Promise<Finding | undefined> {
  const connected = await connect(lab);
  if (connected === undefined) return undefined;
  const { client } = connected;
  let sent = 0;
  const dropped: string[] = [];
  for (const [at, burst] of bursts.entries()) {
    const answer = await send(lab, connected, burst, lab.settings.waitMillis);
    sent += burst.said.length;
    if (answer === 'all') continue;
    if (answer === 'not the last') {
      dropped.push(describeBurst(burst));
      if (dropped.length === MOST_DROPPED) break;
      continue;
    }
    const alone = await reduceAlone(lab, connect, burst);
    if (alone !== undefined) return alone;
    const breach = {
      expected: `a Pong after ${sent} messages and control frames on one connection`,
      got: describeState(client),
    };
    const before = bursts[at - 1];
    const evidence = [
      `the last of them: ${describeBurst(burst)}`,
      ...(before === undefined ? [] : [`before: ${describeBurst(before)}`]),
      'on a fresh connection the hub takes the last of them',
    ];
    return client.record.closes[0]?.code === 1008 ? warn(breach, { evidence }) : fail(breach, { evidence });
  }
  const unanswered = await findUnansweredPing(lab, client);
  if (unanswered !== undefined || dropped.length === 0) return unanswered;
  return warn({
    expected: 'a Pong for the last of several Pings (RFC 6455 5.5.3)',
    got: `none after ${listSome(dropped)}; a later Ping was answered`,
  });
}

/** Nothing else is on its way to the client or from it, so that no Pong may be left out. */
async function findUnansweredPing(lab: Lab, client: LabClient): Promise<Finding | undefined> {
  for (let sent = 1; sent <= PINGS_IN_TURN; sent++) {
    if (await client.ping(`in turn ${sent}`, lab.settings.waitMillis)) continue;
    const expected = `a Pong for Ping ${sent} of ${PINGS_IN_TURN}, each sent when the one before was answered, after many others`;
    return fail({ expected, got: describeState(client) });
  }
  return undefined;
}

/** The smallest burst that a hub does not answer on a fresh connection; undefined where it answers this one. */
async function reduceAlone(lab: Lab, connect: Connect, burst: Burst): Promise<Finding | undefined> {
  let smallest = { burst, state: '' };
  async function fails(candidate: Burst): Promise<boolean> {
    const fresh = await connect(lab);
    if (fresh === undefined) return false;
    const isTaken =
      (await send(lab, fresh, candidate, REDUCING_WAIT_MILLIS)) !== 'none' &&
      (await fresh.client.untilClosed(LATER_MILLIS)) === undefined;
    if (!isTaken) smallest = { burst: candidate, state: describeState(fresh.client) };
    fresh.client.destroy();
    return !isTaken;
  }
  if (!(await fails(burst))) return undefined;
  const untilMillis = lab.elapsedMillis() + MOST_REDUCING_MILLIS;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of simplerBursts(smallest.burst)) {
      if (lab.elapsedMillis() > untilMillis) break;
      isSmaller = await fails(candidate);
      if (isSmaller) break;
    }
  }
  return fail({ expected: `a Pong after ${describeBurst(smallest.burst)}`, got: smallest.state });
}

/**
 * What is answered of its only Ping, or of several, and of one more. A hub that answers one of several Pings may answer only
 * the last (RFC 6455 5.5.3): the one more comes when they are answered, or not at once.
 */
async function send(
  lab: Lab,
  { client, deflate }: Connected,
  burst: Burst,
  deadlineMillis: number,
): Promise<'all' | 'not the last' | 'none'> {
  const what = describeBurst(burst);
  const { writes, pings } = encodeBurst(burst, deflate);
  const { pongs } = client.record;
  const pongsBefore = pongs.length;
  for (const [at, bytes] of writes.entries()) {
    if (at > 0 && typeof burst.writes !== 'string') await lab.pause(BETWEEN_PIECES_MILLIS);
    const isLast = at === writes.length - 1;
    // A Ping of the hub that is answered between two pieces would stand in the middle of a frame.
    if (isLast || burst.writes === 'each') client.sendRaw(bytes, at === 0 ? what : 'goes on');
    else client.sendPart(bytes, at === 0 ? what : 'goes on');
  }
  const last = pings.at(-1);
  if (last !== undefined) {
    const hasPong = (): boolean => pongs.slice(pongsBefore).some(({ payload }) => payload.equals(last));
    const isOnly = pings.length === 1;
    const isAnswered = await client.until(
      hasPong,
      `a Pong for ${what}`,
      isOnly ? deadlineMillis : SEVERAL_PONGS_MILLIS,
    );
    if (isOnly && !isAnswered) return 'none';
  }
  if (await client.ping('after', pings.length > 1 ? PONG_MILLIS : deadlineMillis)) return 'all';
  return pings.length > 1 && (await client.ping('again', deadlineMillis)) ? 'not the last' : 'none';
}

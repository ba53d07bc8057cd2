// What a hub keeps of what went through it: nothing. Its memory levels off, however much is broadcast, however much
// clients send, and however many come and go.
import { freemem } from 'node:os';
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeClientFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { type Breach, CheckEnded, type Finding, fail, pass, skip, warn } from '../../finding.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { HUGE_EVENT_BYTES } from '../slow-client/stalled.ts';
import { leaveInOrder, leaveInTurn, leaveWithReset } from './leaving.ts';
import { judgeMemory, LEAK_BYTES, type MemoryReading, type MemoryTrend } from './memory-trend.ts';

const MEBIBYTE = 1024 * 1024;
/** A first round, small for a slow hub; each one after a short one is twice as large. */
const FIRST_BYTES = MEBIBYTE;
const MOST_BYTES = 8 * MEBIBYTE;
const SHORT_MILLIS = 250;
/** In a round: requests take longer than their bytes. */
const MOST_EVENTS = 64;
const FEWEST_EVENTS = 8;
/** How long rounds go on: longer for a hub that levels off late, or not at all, than for a slow one that shows nothing. */
const MOST_MILLIS: Readonly<Record<MemoryTrend, number>> = {
  'levels off': 0,
  grows: 0,
  'too little sent': 1_500,
  'may grow': 20_000,
};
/** A hub may keep half as much of each client that has left: a line of a log, a counter. */
const OF_CLIENT_BYTES = 128 * 1024;
/** A hub that keeps everything must not take what the machine needs. */
const LEAST_FREE_BYTES = 3 * LEAK_BYTES;
/** The second for hubs that allow clients next to nothing, as some chat examples do. */
const MESSAGE_BYTES = [4_000, 400];

export const memoryLevelsOff: Check = {
  id: 'lifecycle.memory-levels-off',
  chapter: 'lifecycle',
  title: 'the memory of the hub levels off, however much it broadcasts and receives',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'the client is disconnected and cleaned up' },
  needs: ['broadcast', 'resources'],
  deadlineMillis: 120_000,
  explain:
    'A hub that keeps the history of all events, what its clients send, or much of each client that has left, runs out of memory after some days. Clients connect and leave, which counts 128 KiB each, then a client sends rounds of up to 8 MiB in messages, then as much is broadcast to one client, and after each round the memory of the process is read. A hub that keeps it all grows by as much in every round. After 32 MiB, and what the process needed for the rounds of another kind before and may have free now (less on a hub that needs more than 1.5 s for it), one that grew by less than half of what was sent in the second half of the rounds has leveled off. Heaps of garbage collectors grow by hundreds of megabytes before that, so the hub is only named when it grew by 384 MiB, by more than half of what was sent, in the second half and the last quarter of the rounds too, and when at least half of that is memory that the process did not have before (a Java heap may have its initial size from the start, and use it bit by bit). A hub that has neither leveled off nor grown so much in 20 s is not judged. What is kept of clients that have left is a failure; that events or messages are kept is only a warning, as no clause says how many a hub may keep. A hub may disconnect a client that sends.',
  isolation: 'alone',
  async run(lab) {
    if (freemem() < LEAST_FREE_BYTES)
      return skip(`less than ${toMebibytes(LEAST_FREE_BYTES)} MiB of memory is free on this machine`);
    const atFirst = await readMemory(lab, 0);
    // Events last: of what they need, most is free for what is kept of clients.
    return (
      (await watchClients(lab, atFirst)) ??
      (await watchMessages(lab, atFirst)) ??
      (await watchEvents(lab, atFirst)) ??
      pass()
    );
  },
};

async function watchEvents(lab: Lab, atFirst: MemoryReading): Promise<Finding | undefined> {
  const witness = await lab.witness();
  lab.affordable({ wanted: FEWEST_EVENTS, fewest: FEWEST_EVENTS });
  const eventBytes = await findEventBytes(lab, HUGE_EVENT_BYTES, [witness]);
  const sendRound = async (roundBytes: number): Promise<number> => {
    const count = Math.min(MOST_EVENTS, Math.ceil(roundBytes / eventBytes));
    await lab.publish(
      Array.from({ length: count }, () => ({ paddingBytes: eventBytes })),
      [witness],
    );
    return count * eventBytes;
  };
  const broadcastBytes = (bytes: number) => `${toMebibytes(bytes)} MiB broadcast`;
  return watchMemory(lab, atFirst, broadcastBytes, sendRound, warn);
}

/** Clients that connect and leave. */
function watchClients(lab: Lab, atFirst: MemoryReading): Promise<Finding | undefined> {
  const describeClients = (bytes: number) => `${bytes / OF_CLIENT_BYTES} clients that came and left`;
  const sendRound = async (roundBytes: number): Promise<number> => {
    const count = roundBytes / OF_CLIENT_BYTES;
    const clients = await Promise.all(Array.from({ length: count }, () => lab.connect()));
    leaveInTurn(clients, [leaveWithReset, leaveInOrder]);
    await Promise.all(clients.map((client) => client.untilClosed()));
    return count * OF_CLIENT_BYTES;
  };
  return watchMemory(lab, atFirst, describeClients, sendRound, fail);
}

/** What a client sends, in messages of a size that the hub takes; no finding where it takes none. */
async function watchMessages(lab: Lab, atFirst: MemoryReading): Promise<Finding | undefined> {
  for (const messageBytes of MESSAGE_BYTES) {
    const sender = await lab.connect();
    const block = blockOf(messageBytes);
    const sentBytes = (bytes: number) => `${toMebibytes(bytes)} MiB sent by a client`;
    const sendRound = (roundBytes: number) => sendBlocks(sender, block, roundBytes);
    const found = await watchMemory(lab, atFirst, sentBytes, sendRound, warn);
    const wasTaken = sender.isOpen;
    sender.destroy();
    if (found !== undefined || wasTaken) return found;
    lab.note(`the hub disconnects a client that sends messages of ${messageBytes} B`);
  }
  return undefined;
}

function blockOf(messageBytes: number): Buffer {
  const payload = Buffer.alloc(messageBytes, 'x');
  const count = Math.ceil(MEBIBYTE / messageBytes);
  return Buffer.concat(Array.from({ length: count }, () => encodeClientFrame(OPCODE.text, payload)));
}

/** Undefined: the hub has disconnected the client, or reads no more. */
async function sendBlocks(sender: LabClient, block: Buffer, roundBytes: number): Promise<number | undefined> {
  const count = roundBytes / MEBIBYTE;
  for (let sent = 0; sent < count; sent++) sender.sendRaw(block, 'many texts');
  // The Pong shows that the hub has read them all.
  return (await sender.ping()) ? count * block.length : undefined;
}

/** Sends rounds until memory levels off or is known to grow; a finding where it does not level off. */
async function watchMemory(
  lab: Lab,
  atFirst: MemoryReading,
  describeSent: (bytes: number) => string,
  sendRound: (roundBytes: number) => Promise<number | undefined>,
  blame: (breach: Breach) => Finding,
): Promise<Finding | undefined> {
  const first = await readMemory(lab, 0);
  const readings: MemoryReading[] = [first];
  const freeBytes = Math.max(0, first.rssBytes - atFirst.rssBytes);
  const startMillis = lab.elapsedMillis();
  let [trend, sentBytes, roundBytes]: [MemoryTrend, number, number] = ['too little sent', 0, FIRST_BYTES];
  const mayGoOn = (): boolean =>
    !lab.signal.aborted && lab.elapsedMillis() - startMillis < MOST_MILLIS[trend];
  while (mayGoOn()) {
    const roundMillis = lab.elapsedMillis();
    const bytes = await sendRound(roundBytes);
    if (bytes === undefined) break;
    if (lab.elapsedMillis() - roundMillis < SHORT_MILLIS) roundBytes = Math.min(MOST_BYTES, 2 * roundBytes);
    sentBytes += bytes;
    readings.push(await readMemory(lab, sentBytes));
    trend = judgeMemory(readings, freeBytes);
  }
  const series = readings.map(({ rssBytes }) => toMebibytes(rssBytes)).join(', ');
  const sent = describeSent(sentBytes);
  lab.note(`${sent}; memory after each round in MiB: ${series}`);
  if (trend === 'levels off' || trend === 'too little sent') return undefined;
  const grownBytes = (readings.at(-1)?.rssBytes ?? 0) - first.rssBytes;
  const got = `it grew by ${toMebibytes(grownBytes)} MiB with ${sent}`;
  if (trend === 'may grow') return skip(`in the time of this check the memory did not level off: ${got}`);
  return blame({
    expected: 'the memory of the hub levels off',
    got: `${got}, as much in the last rounds as in the first: the hub seems to keep what passes through it`,
  });
}

async function readMemory(lab: Lab, sentBytes: number): Promise<MemoryReading> {
  const resources = await lab.target.resources();
  if (resources === undefined) throw new CheckEnded(skip('the memory of the process cannot be read'));
  return { sentBytes, rssBytes: resources.rssBytes, dataBytes: resources.dataBytes };
}

const toMebibytes = (bytes: number): number => Math.round(bytes / MEBIBYTE);

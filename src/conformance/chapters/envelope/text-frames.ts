// Events are text messages in legal frames, each one JSON object (protocol: Event Envelope; RFC 6455 5.1 to 5.6).

import type { Fault } from '../../../session/recorded.ts';
import type { EventShape } from '../../../session/series.ts';
import type { Check } from '../../check.ts';
import { CheckEnded, FACTS, type Finding, fail, pass } from '../../finding.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { findStrangeMessage } from '../../lab/strange-message.ts';

const DEADLINE_MILLIS = 120_000;

/** Merged messages are wrong JSON to a consumer. */
const faultsOf = ({ record }: LabClient): readonly Fault[] => [
  ...record.faults,
  ...record.merged.map(({ problem }) => ({ kind: 'json' as const, problem })),
];

/** Publishes; when something does not arrive, the faults of that kind are the better explanation. */
async function publishAndBlame(
  lab: Lab,
  shapes: readonly EventShape[],
  kinds: readonly Fault['kind'][],
  expected: string,
): Promise<Finding> {
  const clients: LabClient[] = [];
  const blame = (): Finding | undefined => {
    const found = clients
      .flatMap((client) => faultsOf(client).map((fault) => ({ fault, client })))
      .find(({ fault }) => kinds.includes(fault.kind));
    const got =
      found === undefined
        ? clients.map(findStrangeMessage).find((problem) => problem !== undefined)
        : `${found.fault.problem} (client ${found.client.name})`;
    return got === undefined ? undefined : fail({ expected, got }, FACTS);
  };
  try {
    // What nobody broadcast is looked at where the question is what messages hold.
    const keepTexts = kinds.includes('envelope') ? 'all' : 'none';
    clients.push(await lab.connect({ keepTexts }), await lab.connect({ keepTexts }));
    await lab.join(clients);
    await lab.publish(shapes, clients);
    return blame() ?? pass({ evidence: [`${shapes.length} events to ${clients.length} clients`] });
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    return blame() ?? ended.finding;
  }
}

const PACED_EVENTS = { wanted: 96, fewest: 3 };

export const oneObjectPerMessage: Check = {
  id: 'envelope.one-object-per-message',
  chapter: 'envelope',
  title: 'every message holds exactly one JSON object',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'Consumers give each message to JSON.parse: two objects in one message, an array of objects, or half an object is a lost event. A greeting, heartbeat or notice that is not an envelope is an unexpected message. The check broadcasts 96 paced events (fewer where the hub is slow) to two clients. White space around the object is allowed. envelope.queued-not-merged checks the same for queued events.',
  isolation: 'shared',
  run: (lab) =>
    publishAndBlame(
      lab,
      Array.from({ length: lab.affordable(PACED_EVENTS) }, () => ({})),
      ['json', 'envelope'],
      'one JSON object in each message',
    ),
};

export const textMessages: Check = {
  id: 'envelope.text-messages',
  chapter: 'envelope',
  title: 'events are text messages, never binary',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.6',
    quote: 'The "Payload data" is text data encoded as UTF-8.',
  },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'A browser passes a binary message to the page as a Blob, on which JSON.parse fails. The check sends events of 100 bytes to 200 KiB, because some hubs switch to binary for large messages.',
  isolation: 'alone',
  async run(lab) {
    const largestBytes = await findEventBytes(lab, 200_000, [await lab.witness()]);
    const sizes = [0, 1_000, 5_000, 40_000, 70_000, 200_000].filter((bytes) => bytes <= largestBytes);
    const shapes = sizes.flatMap((bytes) => [
      { paddingBytes: bytes },
      { paddingBytes: Math.max(0, bytes - 1) },
    ]);
    return publishAndBlame(lab, shapes, ['binary'], 'text messages only');
  },
};

/** Where the form of the length field changes, and how far to both sides of it is tried. */
const LENGTH_BORDERS_BYTES = [126, 65_536] as const;
const AROUND = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
/** No field is empty: a hub that leaves out empty fields is judged by other checks. */
const SHORT_EVENT = { type: 'a', appId: 'b', payload: {} };

/** Events whose messages have the lengths around the borders, as the hub spells their JSON. */
async function shapesAroundBorders(lab: Lab): Promise<EventShape[]> {
  const witness = await lab.witness();
  const [border, largest] = LENGTH_BORDERS_BYTES;
  const largestBytes = await findEventBytes(lab, largest, [witness]);
  await lab.publish([{ ...SHORT_EVENT, paddingBytes: 0 }], [witness]);
  const shortestBytes = witness.record.deliveries.at(-1)?.bytes ?? border;
  return [border, largest].flatMap((bytes) =>
    AROUND.map((offset) => ({ ...SHORT_EVENT, paddingBytes: bytes + offset - shortestBytes })).filter(
      ({ paddingBytes }) => paddingBytes >= 0 && paddingBytes <= largestBytes,
    ),
  );
}

export const legalFrames: Check = {
  id: 'envelope.legal-frames',
  chapter: 'envelope',
  title: 'frames are unmasked, without reserved bits, and with correct lengths',
  level: 'must',
  clause: { source: 'RFC 6455 5.1', quote: 'A server MUST NOT mask any frames that it sends to the client.' },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'Browsers close the connection at the first illegal frame. The check sends messages around 126 and 65,536 bytes, where the form of the length field changes, and reads every frame strictly: mask, reserved bits, opcodes, fragments, UTF-8. Fragmented messages are allowed.',
  isolation: 'alone',
  async run(lab) {
    const shapes = await shapesAroundBorders(lab);
    return publishAndBlame(lab, shapes, ['frame'], 'legal frames only (RFC 6455 5.2)');
  },
};

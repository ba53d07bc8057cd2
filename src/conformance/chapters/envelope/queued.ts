// Events that had to wait behind a slow reader: still one by one, still what was published. Suites that only look at
// idle connections miss what happens here.

import type { EventShape } from '../../../session/series.ts';
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, pass, skip } from '../../finding.ts';
import { fillBacklog, findEventBytes, mostHiddenEvents } from '../../lab/backlog.ts';
import { type Drained, drain } from '../../lab/drain.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

const DEADLINE_MILLIS = 180_000;
const FILLING_BYTES = 256 * 1024;
/** Messages that wait for the reader before the small ones come: the connection is full then. */
const FILLING_MESSAGES = 3;
/** Fewer waiting events than this prove nothing. */
const LEAST_QUEUED_EVENTS = 4;
const MOST_QUEUED_EVENTS = 40;

interface Queued {
  readonly drained: Drained;
  readonly published: number;
  readonly reader: LabClient;
}

/** Fills the connection of a reader that stopped, queues small and different events behind, and lets it read again. */
async function queueBehindSlowReader(lab: Lab): Promise<Queued | Finding> {
  // Within the buffer of the client: nothing may be evicted here. One is in flight, and a little is left to spare.
  const queuedEvents = Math.min(MOST_QUEUED_EVENTS, lab.settings.clientBufferMessages - FILLING_MESSAGES - 2);
  if (queuedEvents < LEAST_QUEUED_EVENTS)
    return skip(`a buffer of ${lab.settings.clientBufferMessages} messages is too short for this`);
  const witness = await lab.witness();
  const eventBytes = await findEventBytes(lab, FILLING_BYTES, [witness]);
  const reader = await lab.witness({ window: 'small' });
  reader.stopReading();
  const plan = { stalled: [reader], witnesses: [witness], eventBytes, outstanding: FILLING_MESSAGES };
  const filled = await fillBacklog(lab, plan);
  if (filled.outstanding === undefined && mostHiddenEvents(reader, eventBytes) > queuedEvents)
    return skip(
      "the kernel's queues are not readable here, so it is unknown whether events queue in the hub",
    );
  const waiting = Array.from({ length: queuedEvents }, (_, at) => shapeWaiting(at, queuedEvents));
  const events = await lab.publish(waiting, [witness]);
  lab.note(
    `the reader has read ${reader.bytesRead} B; ${queuedEvents} small events are queued behind ${filled.sequences.length} large ones`,
  );
  const order = [...filled.sequences, ...events.map(({ sequence }) => sequence)];
  const drained = await drain(reader, { lastSequence: order.at(-1) ?? -1, order });
  return { drained, published: order.length, reader };
}

/** Of so many in a row only the text differs: a hub may keep the last of them and take the others for outdated. */
const EVENTS_OF_A_SAGA = 3;

/** Every content is different. The first half has one length, the second many: buffers are reused by length, or cut. */
function shapeWaiting(at: number, queuedEvents: number): EventShape {
  const sagaId = `saga-${String(Math.floor(at / EVENTS_OF_A_SAGA)).padStart(2, '0')}`;
  const letter = String.fromCharCode(97 + (at % 26));
  if (at < queuedEvents / 2) return { payload: { sagaId, message: letter.repeat(200) } };
  const note = letter.repeat(20 + ((at * 37) % 300));
  return { type: 'deploy.step', payload: { step: 'build', sagaId, status: 'running', note } };
}

const EXPLAINED =
  'A client stops reading, a few events of 256 KiB fill its connection, and up to 40 small ones, all different but several of one saga, queue in the hub behind them, fewer than its buffer holds. Then the client resumes reading.';

export const queuedNotMerged: Check = {
  id: 'envelope.queued-not-merged',
  chapter: 'envelope',
  title: 'queued events stay one message each',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain: `The chat example of a well-known library writes all queued messages into one, separated by newlines: consumers then fail to parse, but only under load. Other hubs drop queued events that they consider outdated, and a log has holes. ${EXPLAINED} Every message must hold one object, and none may be missing.`,
  isolation: 'alone',
  async run(lab) {
    const queued = await queueBehindSlowReader(lab);
    if (!('drained' in queued)) return queued;
    const { drained } = queued;
    const [merged] = queued.reader.record.merged;
    if (merged !== undefined)
      return fail({ expected: 'one JSON object in each message', got: merged.problem }, FACTS);
    const fault = drained.faults.find(
      ({ kind }) => kind === 'json' || kind === 'envelope' || kind === 'binary',
    );
    if (fault !== undefined)
      return fail({ expected: 'one JSON object in each message', got: fault.problem }, FACTS);
    return judgeComplete(queued);
  },
};

export const queuedNotMixed: Check = {
  id: 'envelope.queued-not-mixed',
  chapter: 'envelope',
  title: 'queued events keep their own content',
  level: 'must',
  clause: {
    source: 'protocol: Hub Architecture',
    quote: 'Per-client send buffer — buffered channel (64 messages)',
  },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain: `A hub that encodes into one shared or pooled buffer and queues a reference to it sends the latest event several times instead of the queued ones. ${EXPLAINED} Each must arrive with the content it was published with.`,
  isolation: 'alone',
  async run(lab) {
    const queued = await queueBehindSlowReader(lab);
    if (!('drained' in queued)) return queued;
    const { drained } = queued;
    const [changed] = drained.changed;
    if (changed !== undefined)
      return fail(
        {
          expected: 'the content that was published',
          got: `event #${changed} arrived with different content`,
        },
        FACTS,
      );
    const fault = drained.faults.find(({ kind }) => kind === 'probe' || kind === 'frame');
    if (fault !== undefined)
      return fail({ expected: 'the content that was published', got: fault.problem }, FACTS);
    return judgeComplete(queued);
  },
};

function judgeComplete({ drained, published, reader }: Queued): Finding {
  if (drained.firstGap !== undefined)
    return fail({ expected: 'every event once and in order', got: drained.firstGap }, FACTS);
  if (drained.sequences.length === published) return pass();
  const state =
    drained.end === undefined
      ? 'and nothing more came'
      : `and was disconnected (${drained.end.code ?? drained.end.kind})`;
  return fail({
    expected: `client ${reader.name}, with fewer events queued than the hub buffers, receives all ${published}`,
    got: `it received ${drained.sequences.length}, ${state}`,
  });
}

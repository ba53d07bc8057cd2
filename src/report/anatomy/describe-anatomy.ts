// The words for the anatomy of an eviction, in one place for every report: where its messages were, how long each step
// took, and the whole as one sentence.
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import type { TypicalEviction } from './evicted-client.ts';

/** A piece of a bar with its entry in the key. */
interface AnatomyPart {
  readonly kind: 'read' | 'kernels' | 'queued' | 'waited';
  readonly name: string;
  readonly size: number;
  readonly text: string;
}

interface AnatomyWords {
  /** The story from the stall to the end, without a name and a full stop. */
  readonly story: string;
  /** `Event 582 overflowed the queue.`; empty when none did. */
  readonly overflow: string;
  /** Where the messages of the client were: read, in the kernels, in the hub's queue. */
  readonly messages: readonly AnatomyPart[];
  /** How long each step took, from when it stopped reading. */
  readonly steps: readonly AnatomyPart[];
}

export function describeAnatomy(
  eviction: Pick<TypicalEviction, 'stalledAtMillis' | 'readMessages' | 'anatomy'>,
): AnatomyWords {
  const { anatomy } = eviction;
  const { tippedByEvent } = anatomy;
  return {
    story: storyOf(eviction),
    overflow: tippedByEvent === null ? '' : `Event ${renderCount(tippedByEvent)} overflowed the queue.`,
    messages: messageParts(eviction.readMessages, anatomy),
    steps: stepParts(anatomy),
  };
}

function storyOf({
  stalledAtMillis,
  readMessages,
  anatomy,
}: Pick<TypicalEviction, 'stalledAtMillis' | 'readMessages' | 'anatomy'>): string {
  const { tippedByEvent, queuedBytes } = anatomy;
  return [
    `stopped reading at ${millis(stalledAtMillis)} after ${countMessages(readMessages)}`,
    `the kernels held ${kernelContent(anatomy)} for ${millis(anatomy.stallToQueueMillis)}`,
    `${queuedText(anatomy)} (${renderBytes(queuedBytes)}) queued in the hub${anatomy.isQueueAtMost ? '' : ` in ${millis(anatomy.queueToOverflowMillis)}`}`,
    tippedByEvent === null
      ? anatomy.isQueueAtMost
        ? 'the event that overflowed the queue is not known without --client-buffer'
        : 'no event overflowed the queue'
      : `event ${renderCount(tippedByEvent)} overflowed the queue at ${millis(anatomy.overflowAtMillis)}`,
    closedText(anatomy),
  ].join('; ');
}

function queuedText({ queuedMessages, isQueueAtMost }: EvictionAnatomy): string {
  return `${isQueueAtMost ? 'at most ' : ''}${countMessages(queuedMessages)}`;
}

function closedText({ overflowToClosedMillis, closedAtMillis }: EvictionAnatomy): string {
  if (overflowToClosedMillis !== null) return `socket closed ${millis(overflowToClosedMillis)} later`;
  return closedAtMillis === null
    ? 'when its socket was closed is not known'
    : `socket closed at ${millis(closedAtMillis)}`;
}

function messageParts(readMessages: number, anatomy: EvictionAnatomy): AnatomyPart[] {
  const { kernelMessages, queuedMessages, queuedBytes } = anatomy;
  return [
    { kind: 'read', name: 'read', size: readMessages, text: countMessages(readMessages) },
    {
      kind: 'kernels',
      name: 'held by the kernels',
      size: kernelMessages,
      text: `${countMessages(kernelMessages)}, ${kernelBytes(anatomy)}`,
    },
    {
      kind: 'queued',
      name: 'queued in the hub',
      size: queuedMessages,
      text: `${queuedText(anatomy)}, ${renderBytes(queuedBytes)}`,
    },
  ];
}

function stepParts(anatomy: EvictionAnatomy): AnatomyPart[] {
  const step = (kind: AnatomyPart['kind'], name: string, value: number | null): AnatomyPart => ({
    kind,
    name,
    size: value ?? 0,
    text: value === null ? 'not known' : renderDurationMillis(value),
  });
  return [
    step('kernels', 'until the hub’s queue began to fill', anatomy.stallToQueueMillis),
    step('queued', 'until it was full', anatomy.queueToOverflowMillis),
    step('waited', 'until the socket was closed', anatomy.overflowToClosedMillis),
  ];
}

/** `3.7 MB (the client’s 3.5 MB, the hub’s 200 KB)`. */
export function kernelBytes({
  kernelBytes: bytes,
  clientKernelBytes,
  hubKernelBytes,
}: EvictionAnatomy): string {
  // Both are missing in files from before they were measured.
  if (clientKernelBytes == null || hubKernelBytes == null) return renderBytes(bytes);
  return `${renderBytes(bytes)} (the client’s ${renderBytes(clientKernelBytes)}, the hub’s ${renderBytes(hubKernelBytes)})`;
}

function kernelContent(anatomy: EvictionAnatomy): string {
  const { kernelMessages } = anatomy;
  const messages = kernelMessages === 0 ? 'no whole message' : countMessages(kernelMessages);
  return `${messages}, ${kernelBytes(anatomy)},`;
}

const countMessages = (count: number): string =>
  `${renderCount(count)} ${count === 1 ? 'message' : 'messages'}`;
const millis = (value: number | null): string =>
  value === null ? 'an unknown time' : renderDurationMillis(value);

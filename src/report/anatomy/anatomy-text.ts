// The story of one eviction in words and a bar, the same in load-test and replay reports.
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';

export interface ToldEviction {
  /** Such as `stalled, client 7`. */
  readonly who: string;
  readonly stalledAtMillis: number;
  /** Messages that it had read by then. */
  readonly readMessages: number;
  readonly anatomy: EvictionAnatomy;
  /** `Close 1013`, `reset`; empty when it is told elsewhere. */
  readonly how: string;
}

/** With its key it fits 80 columns. */
const BAR_CELLS = 40;

export function describeAnatomy(told: ToldEviction): readonly [story: string, bar: string] {
  const { who, stalledAtMillis, readMessages, anatomy, how } = told;
  const { kernelMessages, queuedMessages, tippedByEvent } = anatomy;
  const parts = [
    `stopped reading at ${millis(stalledAtMillis)} after ${renderCount(readMessages)} messages`,
    `the kernels hid ${describeKernels(anatomy)} for ${millis(anatomy.stallToQueueMillis)}`,
    `${queuedMessages} messages (${renderBytes(anatomy.queuedBytes)}) queued in ${millis(anatomy.queueToOverflowMillis)}`,
    tippedByEvent === null
      ? 'no event was one too many'
      : `event ${renderCount(tippedByEvent)} was one too many at ${millis(anatomy.overflowAtMillis)}`,
    anatomy.overflowToClosedMillis === null
      ? 'when its socket was closed is not known'
      : `socket closed ${millis(anatomy.overflowToClosedMillis)} later`,
    ...(how === '' ? [] : [`it saw ${how}`]),
  ];
  const total = Math.max(1, readMessages + kernelMessages + queuedMessages);
  const cells = (count: number) => Math.round((count / total) * BAR_CELLS);
  const bar = `${'█'.repeat(cells(readMessages))}${'▒'.repeat(cells(kernelMessages))}${'░'.repeat(cells(queuedMessages))}`;
  return [`${who}: ${parts.join('; ')}`, `  ${bar}  █ read  ▒ kernels  ░ hub queue`];
}

/** `3.7 MB (60 messages; 3.5 MB in the client's, 200 KB in the hub's)`. */
function describeKernels({
  kernelBytes,
  kernelMessages,
  clientKernelBytes,
  hubKernelBytes,
}: EvictionAnatomy): string {
  const messages = kernelMessages === 0 ? 'no whole message' : `${renderCount(kernelMessages)} messages`;
  // Both are missing in files of before they were measured.
  if (clientKernelBytes == null || hubKernelBytes == null) return `${renderBytes(kernelBytes)} (${messages})`;
  return `${renderBytes(kernelBytes)} (${messages}; ${renderBytes(clientKernelBytes)} in the client's, ${renderBytes(hubKernelBytes)} in the hub's)`;
}

const millis = (value: number | null): string =>
  value === null ? 'an unknown time' : renderDurationMillis(value);

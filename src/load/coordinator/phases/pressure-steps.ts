// How pressure goes on: large events until the kernels of all stalled clients are full, small ones until more messages wait in
// the hub than a bound, large ones again until more bytes do. Apart from the phase so that it is tested without a hub.

/** What waits in the hub for the stalled client that has least. */
export interface QueuedInHub {
  readonly messages: number;
  readonly bytes: number;
}

export interface PressureLimits {
  readonly largeBytes: number;
  /** What fills the kernels where nobody can look into them. */
  readonly kernelBytes: number;
  readonly queueMessages: number;
  readonly queueBytes: number;
}

/** Hubs buffer 64 to 1,024 messages for a client; one that holds more than this without an eviction fails. */
const BOUND_MESSAGES = 2_048;
/** Beyond what --client-buffer names: what libraries and run loops hold besides. */
const SLACK_MESSAGES = 66;
const SMALL_EVENT_BYTES = 256;
/** So many large events that wait in the hub show that the kernels are full. */
const FULL_KERNEL_MESSAGES = 16;
const MIB = 1024 * 1024;
/** What fills a proxy and the kernels on both of its sides (tcp_rmem and tcp_wmem of common systems). */
const PROXY_BYTES = 16 * MIB;

export interface PressurePlan {
  readonly hasSmallWindow: boolean;
  readonly isBehindProxy: boolean;
  readonly clientBufferMessages: number | undefined;
  readonly clients: number;
  readonly stalledClients: number;
}

/** The bound in bytes spares the memory of the hub and the clients that read. */
export function limitsOf({
  hasSmallWindow,
  isBehindProxy,
  clientBufferMessages,
  clients,
  stalledClients,
}: PressurePlan): PressureLimits {
  const affordableBytes = Math.min(
    (256 * MIB) / Math.max(1, stalledClients),
    (4096 * MIB) / Math.max(1, clients),
  );
  const wantedBytes = clientBufferMessages === undefined ? 4 * MIB : MIB;
  return {
    largeBytes: hasSmallWindow && !isBehindProxy ? 8 * 1024 : 64 * 1024,
    kernelBytes: kernelBytesOf(hasSmallWindow, isBehindProxy),
    queueMessages:
      clientBufferMessages === undefined ? BOUND_MESSAGES : clientBufferMessages + SLACK_MESSAGES,
    queueBytes: Math.max(MIB / 2, Math.min(wantedBytes, affordableBytes)),
  };
}

function kernelBytesOf(hasSmallWindow: boolean, isBehindProxy: boolean): number {
  if (isBehindProxy) return PROXY_BYTES;
  return hasSmallWindow ? MIB : 10 * MIB;
}

export interface PressureSteps {
  /** Without a view of the kernels `queued` is undefined, and what was sent decides. */
  isOver(queued: QueuedInHub | undefined): boolean;
  eventBytes(queued: QueuedInHub | undefined): number;
  add(events: number, eventBytes: number): void;
  sent(): { readonly events: number; readonly bytes: number };
}

export function createPressureSteps(limits: PressureLimits): PressureSteps {
  let [events, bytes] = [0, 0];
  /** After the kernels are full, as far as sending can show it. */
  let [eventsAfter, bytesAfter] = [0, 0];
  const waiting = (queued: QueuedInHub | undefined): QueuedInHub =>
    queued ?? { messages: eventsAfter, bytes: bytesAfter };
  const areKernelsFull = (queued: QueuedInHub | undefined) =>
    queued === undefined ? bytes >= limits.kernelBytes : queued.messages >= FULL_KERNEL_MESSAGES;
  return {
    isOver(queued) {
      const { messages, bytes: queuedBytes } = waiting(queued);
      return messages >= limits.queueMessages && queuedBytes >= limits.queueBytes;
    },
    eventBytes(queued) {
      const isCounting = areKernelsFull(queued) && waiting(queued).messages < limits.queueMessages;
      return isCounting ? SMALL_EVENT_BYTES : limits.largeBytes;
    },
    add(addedEvents, eventBytes) {
      if (areKernelsFull(undefined)) {
        eventsAfter += addedEvents;
        bytesAfter += addedEvents * eventBytes;
      }
      events += addedEvents;
      bytes += addedEvents * eventBytes;
    },
    sent: () => ({ events, bytes }),
  };
}

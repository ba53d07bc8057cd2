// The core of the hub that all known-bad hubs are made from: the set of clients, the broadcast queue with its run loop,
// and the writer. Its hooks decide how it behaves.
import type { Clock, Timer } from '../../time/clock.ts';
import { type HubClient, type HubMessage, outstandingMessages } from './hub-client.ts';
import type { HubChange, HubHooks } from './hub-hooks.ts';

export interface HubOptions {
  readonly allowedOrigins: readonly string[];
  /** Messages queued per client besides the one in flight. */
  readonly clientBufferMessages: number;
  readonly broadcastBufferEvents: number;
  readonly evictionGraceMillis: number;
  /** 0 = no keepalive. */
  readonly pingIntervalMillis: number;
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive; seeded, so that a run can be repeated. */
  readonly random: () => number;
  /** What outlives the process; undefined: nothing does. */
  readonly stateFile?: string | undefined;
  /** What a crash does to the process. */
  readonly onCrash: (reason: string) => void;
}

/** How long a socket may take to end after its last frame was written. */
export const LINGER_MILLIS = 1_000;

export interface HookableHub {
  readonly options: HubOptions;
  readonly hooks: HubHooks;
  /** The clients that get broadcasts. */
  readonly clients: Set<HubClient>;
  /** Every upgraded socket that is not closed yet. */
  readonly connections: Set<HubClient>;
  readonly broadcastQueue: string[];
  readonly counters: { broadcasts: number; deliveries: number; evictions: number; accepted: number };
  isStopping: boolean;
  /** Waits for room in the broadcast queue and adds the event. */
  accept(text: string): Promise<void>;
  /** Starts the run loop if it is idle. */
  wake(): void;
  /** Resolves when the queue is empty and the run loop is idle. */
  flushed(): Promise<void>;
  enqueue(client: HubClient, message: HubMessage): void;
  /** Writes the next frame if none is in flight. */
  pump(client: HubClient): void;
  /** Out of the set; what is queued may still be written. */
  leave(client: HubClient): void;
  /** Leaves, writes the Close frame after the queue and ends the socket; destroys it after `graceMillis` in any case. */
  closeGracefully(client: HubClient, closeFrame: Buffer, graceMillis: number): void;
  /** Closes the socket at once. */
  drop(client: HubClient): void;
  /** A timer that ends with the client. */
  after(client: HubClient, delayMillis: number, fire: () => void): Timer;
  /** The process dies. */
  crash(reason: string): void;
}

export function createHookableHub(
  options: HubOptions,
  createHooks: (hub: HookableHub) => HubHooks,
  change: HubChange<HookableHub> = () => ({}),
): HookableHub {
  const roomWaiters: (() => void)[] = [];
  const flushWaiters: (() => void)[] = [];
  let isRunning = false;

  async function runLoop(): Promise<void> {
    isRunning = true;
    for (let text = hub.broadcastQueue.shift(); text !== undefined; text = hub.broadcastQueue.shift()) {
      roomWaiters.shift()?.();
      const message = { text, frame: hub.hooks.encode(text), number: hub.counters.broadcasts };
      hub.counters.broadcasts += 1;
      const wait = hub.hooks.fanOut(message);
      if (wait !== undefined) await wait;
      await hub.hooks.yieldToSockets();
    }
    isRunning = false;
    for (const resume of flushWaiters.splice(0)) resume();
  }

  const hub: HookableHub = {
    options,
    hooks: undefined as unknown as HubHooks,
    clients: new Set(),
    connections: new Set(),
    broadcastQueue: [],
    counters: { broadcasts: 0, deliveries: 0, evictions: 0, accepted: 0 },
    isStopping: false,
    async accept(text) {
      while (hub.broadcastQueue.length >= options.broadcastBufferEvents)
        await new Promise<void>((resume) => roomWaiters.push(resume));
      hub.broadcastQueue.push(text);
      hub.counters.accepted += 1;
      hub.wake();
    },
    wake() {
      if (!isRunning) void runLoop();
    },
    flushed() {
      if (!isRunning) return Promise.resolve();
      return new Promise((resume) => flushWaiters.push(resume));
    },
    enqueue(client, message) {
      client.queue.push(message);
      hub.pump(client);
    },
    pump(client) {
      if (client.inFlight !== 'nothing' || client.phase === 'gone') return;
      const control = takeControl(client);
      const frame = control ?? hub.hooks.takeNext(client) ?? takeClose(client);
      if (frame === undefined) return;
      client.inFlight = control === undefined ? 'message' : 'control';
      hub.hooks.writeFrame(client, frame, client.inFlight, () => {
        if (client.inFlight === 'message') {
          client.deliveredMessages += 1;
          hub.counters.deliveries += 1;
        }
        client.inFlight = 'nothing';
        hub.pump(client);
      });
    },
    leave(client) {
      hub.clients.delete(client);
      if (client.phase === 'open') client.phase = 'leaving';
    },
    closeGracefully(client, closeFrame, graceMillis) {
      hub.leave(client);
      if (client.phase === 'gone' || client.pendingClose !== undefined) return;
      client.pendingClose = closeFrame;
      hub.after(client, graceMillis, () => endAtLast(client));
      hub.pump(client);
    },
    drop(client) {
      hub.leave(client);
      client.socket.destroy();
    },
    after(client, delayMillis, fire) {
      const timer = options.clock.after(delayMillis, () => {
        client.timers.delete(timer);
        fire();
      });
      client.timers.add(timer);
      return timer;
    },
    crash(reason) {
      hub.isStopping = true;
      options.onCrash(reason);
    },
  };

  // The grace is over: a Close that was never written goes out if nothing is stuck before it, then the socket closes.
  function endAtLast(client: HubClient): void {
    const isStuck = client.inFlight !== 'nothing';
    client.queue.length = 0;
    if (isStuck) client.socket.destroy();
    else hub.pump(client);
  }

  function takeClose(client: HubClient): Buffer | undefined {
    const frame = client.pendingClose;
    if (frame === undefined || client.phase === 'gone' || client.socket.writableEnded) return undefined;
    client.socket.end(frame);
    hub.after(client, LINGER_MILLIS, () => client.socket.destroy());
    return undefined;
  }

  Object.assign(hub, { hooks: createHooks(hub) });
  const correct = hub.hooks;
  Object.assign(hub, { hooks: { ...correct, ...change(hub, correct) } });
  return hub;
}

function takeControl(client: HubClient): Buffer | undefined {
  const frame = client.pendingPong ?? client.pendingPing;
  if (client.pendingPong !== undefined) client.pendingPong = undefined;
  else client.pendingPing = undefined;
  return frame;
}

/** Whether one more message would overflow the queue. */
export function isFull(hub: HookableHub, client: HubClient): boolean {
  return outstandingMessages(client) > hub.options.clientBufferMessages;
}

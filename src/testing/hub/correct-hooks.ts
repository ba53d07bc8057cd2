// The correct behavior, hook by hook: the starting point of every defect.

import { judgeOrigin } from '../../protocol/origin-rule.ts';
import { STRICT_RULES } from './frame-reader.ts';
import { encodeClose, encodeFrame, OPCODE } from './frames.ts';
import { computeAcceptKey, handleUpgrade, refuseBadHandshake } from './handshake.ts';
import { type HookableHub, isFull, LINGER_MILLIS } from './hookable-hub.ts';
import type { HubClient } from './hub-client.ts';
import type { HubHooks } from './hub-hooks.ts';

/** Pings without an answer before a client counts as dead. */
const MISSED_PINGS = 2;

export function createCorrectHooks(hub: HookableHub): HubHooks {
  return {
    ...openingHooks(hub),
    ...broadcastHooks(hub),
    ...inboundHooks(hub),
    listensAfterStop: false,
    exitCode: 0,
    ignoresInterrupt: false,
    stats: () => ({
      clients: hub.clients.size,
      connections: hub.connections.size,
      ...hub.counters,
      broadcastQueue: hub.broadcastQueue.length,
    }),
    async stop() {
      await hub.flushed();
      const gone = [...hub.connections].map(
        (client) => new Promise<void>((resume) => client.socket.once('close', () => resume())),
      );
      for (const client of hub.connections)
        hub.closeGracefully(client, encodeClose(1001, 'going away'), LINGER_MILLIS);
      await Promise.all(gone);
    },
  };
}

function openingHooks(hub: HookableHub) {
  return {
    onConnection: (_socket, speak) => speak(),
    readerRules: STRICT_RULES,
    rulesOf: () => hub.hooks.readerRules,
    refuseHandshake: refuseBadHandshake,
    isOriginAllowed: (values) =>
      values.length <= 1 && judgeOrigin(values[0], hub.options.allowedOrigins).isAllowed,
    acceptKey: computeAcceptKey,
    extraResponseHeaders: () => [],
    admit(client, writeResponse) {
      hub.clients.add(client);
      writeResponse();
    },
    handleUpgrade: (request, socket, head) => handleUpgrade(hub, request, socket, head),
  } satisfies Partial<HubHooks>;
}

function broadcastHooks(hub: HookableHub) {
  return {
    async publish(texts) {
      for (const text of texts) await hub.accept(text);
      return { status: 202, body: { accepted: texts.length } };
    },
    refuseEvent,
    encode: (text) => encodeFrame(OPCODE.text, Buffer.from(text)),
    async fanOut(message) {
      for (const client of [...hub.clients]) {
        const wait = hub.hooks.deliver(client, message);
        if (wait !== undefined) await wait;
      }
    },
    deliver(client, message) {
      if (client.phase !== 'open') return;
      if (isFull(hub, client)) return hub.hooks.overflow(client, message);
      hub.enqueue(client, message);
    },
    overflow: (client) => hub.hooks.evict(client),
    evict(client) {
      hub.counters.evictions += 1;
      hub.closeGracefully(client, encodeClose(1013, 'slow consumer'), hub.options.evictionGraceMillis);
    },
    takeNext: (client) => client.queue.shift()?.frame,
    writeFrame(client, frame, _kind, done) {
      client.socket.write(frame, (error) => {
        if (!error) done();
      });
    },
    yieldToSockets: () => new Promise((resume) => setImmediate(resume)),
  } satisfies Partial<HubHooks>;
}

function inboundHooks(hub: HookableHub) {
  return {
    onMessage() {},
    onPing(client, payload) {
      if (client.phase !== 'open') return;
      client.pendingPong = encodeFrame(OPCODE.pong, payload);
      hub.pump(client);
    },
    onPong(client) {
      client.unansweredPings = 0;
    },
    onClose(client, code) {
      client.queue.length = 0;
      hub.closeGracefully(client, encodeClose(code), LINGER_MILLIS);
    },
    onViolation(client, closeCode, reason) {
      client.queue.length = 0;
      hub.closeGracefully(client, encodeClose(closeCode, reason), LINGER_MILLIS);
    },
    onHalfClose: (client) => hub.drop(client),
    onGone: (client) => hub.leave(client),
    keepAlive(client: HubClient) {
      if (client.unansweredPings >= MISSED_PINGS) return hub.drop(client);
      client.unansweredPings += 1;
      client.pendingPing = encodeFrame(OPCODE.ping, Buffer.from('keepalive'));
      hub.pump(client);
    },
  } satisfies Partial<HubHooks>;
}

/** Checks the shape of the envelope only: a hub carries types that it does not know. */
function refuseEvent(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  if (!isObject(value)) return 'not a JSON object';
  if (typeof value.type !== 'string') return '"type" is not a string';
  if (typeof value.appId !== 'string') return '"appId" is not a string';
  return isObject(value.payload) ? undefined : '"payload" is not an object';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

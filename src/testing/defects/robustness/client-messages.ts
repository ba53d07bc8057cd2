// Robustness: what a client sends is broadcast (B34), changes what it gets, or ends its connection (B35), though
// clients only listen.
import type { Defect } from '../../defect.ts';
import { encodeFrame, OPCODE } from '../../hub/frames.ts';
import type { HubClient } from '../../hub/hub-client.ts';

const ODD_JSON = /^(\d+|".*"|null|\[.*\])$/s;
const APP_ID = /"appId"\s*:\s*"[^"]*"/;
const RETRY_MILLIS = 20;
const MOST_PONGS = 3;
const CHUNK_BYTES = 8_190;
/** Of a masked frame of up to 125 bytes. */
const MASKED_HEADER_BYTES = 6;

export const CLIENT_MESSAGES: readonly Defect[] = [
  // As in a well-known chat example. Any page can inject events.
  {
    id: 'client-text-rebroadcast',
    bugClass: 'B34',
    summary: 'what a client sends is broadcast to all others',
    severity: 'medium',
    namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
    change: (hub) => ({
      onMessage(_client, opcode, payload) {
        if (opcode === OPCODE.text) void hub.accept(payload.toString('utf8'));
      },
    }),
  },
  {
    id: 'known-type-rebroadcast',
    bugClass: 'B34',
    summary: 'a client that sends a deploy.step injects it into the stream of every client',
    severity: 'medium',
    namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
    change: (hub) => ({
      onMessage(_client, _opcode, payload) {
        const text = payload.toString('utf8');
        if (text.includes('"deploy.step"')) void hub.accept(text);
      },
    }),
  },
  {
    id: 'echo-to-sender',
    bugClass: 'B34',
    summary: 'what a client sends is sent back to it',
    severity: 'medium',
    namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
    change: (hub) => ({
      onMessage(client, opcode, payload) {
        hub.enqueue(client, {
          text: payload.toString('utf8'),
          frame: encodeFrame(opcode, payload),
          number: -1,
        });
      },
    }),
  },
  // The read pump returns on the first message.
  {
    id: 'client-data-kills',
    bugClass: 'B35',
    summary: 'a client that sends a message is disconnected',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change: (hub) => ({ onMessage: (client) => hub.drop(client) }),
  },
  // The hub expects an object. The library answers pings before the program reads the message, so the end comes
  // late.
  {
    id: 'odd-json-kills',
    bugClass: 'B35',
    summary: 'a client that sends JSON other than an object is disconnected after its next Pong',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change(_hub, correct) {
      const isUnread = new WeakSet<HubClient>();
      return {
        onMessage(client, opcode, payload) {
          if (opcode === OPCODE.text && ODD_JSON.test(payload.toString())) isUnread.add(client);
        },
        onPing(client, payload, isInsideMessage) {
          correct.onPing(client, payload, isInsideMessage);
          if (isUnread.has(client)) correct.onViolation(client, 1011, 'internal error');
        },
      };
    },
  },
  // RFC 6455 section 5.5.3 allows it as a heartbeat.
  {
    id: 'pong-kills',
    bugClass: 'B35',
    summary: 'a client that sends an unsolicited Pong is disconnected',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change: (hub) => ({ onPong: (client) => hub.drop(client) }),
  },
  // A guard against floods that counts and never forgets.
  {
    id: 'fourth-pong-kills',
    bugClass: 'B35',
    summary: 'a client that sends its fourth unsolicited Pong is disconnected',
    severity: 'medium',
    namedBy: { 'robustness.generated-messages': 'fail' },
    change(hub) {
      const pongs = new WeakMap<HubClient, number>();
      return {
        onPong(client) {
          const count = (pongs.get(client) ?? 0) + 1;
          pongs.set(client, count);
          if (count > MOST_PONGS) hub.drop(client);
        },
      };
    },
  },
  // Unmasking begins again in each chunk that was read.
  {
    id: 'long-texts-garbled',
    bugClass: 'B35',
    summary: 'a text of more than 8,190 bytes is unmasked wrongly, and its client closed with 1007',
    severity: 'medium',
    namedBy: { 'robustness.generated-messages': 'fail' },
    change: (_hub, correct) => ({
      onMessage(client, opcode, payload) {
        if (opcode === OPCODE.text && payload.length > CHUNK_BYTES)
          correct.onViolation(client, 1007, 'invalid UTF-8');
        else correct.onMessage(client, opcode, payload);
      },
    }),
  },
  // The hub stops reading after the first message: pings and Close go unanswered, events still arrive.
  {
    id: 'client-data-stops-reading',
    bugClass: 'B35',
    summary: 'after a client has sent a message, its pings are no longer answered',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change(_hub, correct) {
      const stopped = new WeakSet<HubClient>();
      return {
        onMessage(client) {
          stopped.add(client);
          client.socket.pause();
        },
        onPing(client, payload, isInsideMessage) {
          if (!stopped.has(client)) correct.onPing(client, payload, isInsideMessage);
        },
        onClose(client, code) {
          if (!stopped.has(client)) correct.onClose(client, code);
        },
      };
    },
  },
  // A buffer of 64 messages that is never emptied.
  {
    id: 'reads-only-so-much',
    bugClass: 'B35',
    summary: 'after 64 messages from a client its pings are not answered',
    severity: 'medium',
    namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
    change: (_hub, correct) => {
      const counts = new WeakMap<HubClient, number>();
      return {
        onMessage(client) {
          counts.set(client, (counts.get(client) ?? 0) + 1);
        },
        onPing(client, payload, isInside) {
          if ((counts.get(client) ?? 0) < 64) correct.onPing(client, payload, isInside);
        },
      };
    },
  },
  // The message is taken as a subscription. Common in hubs that were written for clients that choose.
  {
    id: 'text-chooses-app',
    bugClass: 'B35',
    summary: 'a client that sends an event gets only events of the same app afterwards',
    severity: 'medium',
    namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
    change(_hub, correct) {
      const chosen = new WeakMap<HubClient, string>();
      return {
        onMessage(client, _opcode, payload) {
          const [app] = APP_ID.exec(payload.toString()) ?? [];
          if (app !== undefined) chosen.set(client, app);
        },
        deliver(client, message) {
          const app = chosen.get(client);
          if (app === undefined || message.text.includes(app)) return correct.deliver(client, message);
        },
      };
    },
  },
  // One lock for reading and writing.
  {
    id: 'deaf-while-sending',
    bugClass: 'B01',
    summary: 'a client that has sent half a frame gets nothing until it has sent the rest',
    severity: 'medium',
    namedBy: { 'robustness.half-a-frame-listens': 'fail' },
    change(hub, correct) {
      const missingBytes = new WeakMap<HubClient['socket'], number>();
      return {
        handleUpgrade(request, socket, head) {
          socket.on('data', (chunk: Buffer) => {
            const missing = missingBytes.get(socket) ?? 0;
            const wanted = missing > 0 ? missing : MASKED_HEADER_BYTES + ((chunk[1] ?? 0) & 0x7f);
            missingBytes.set(socket, Math.max(0, wanted - chunk.length));
          });
          correct.handleUpgrade(request, socket, head);
        },
        writeFrame(client, frame, kind, done) {
          if ((missingBytes.get(client.socket) ?? 0) === 0) correct.writeFrame(client, frame, kind, done);
          else hub.after(client, RETRY_MILLIS, () => hub.hooks.writeFrame(client, frame, kind, done));
        },
      };
    },
  },
  // The counter of a message is never set back.
  {
    id: 'client-bytes-add-up',
    bugClass: 'B35',
    summary: 'a client that has sent more than 80 KiB in short messages is disconnected with Close 1009',
    severity: 'medium',
    namedBy: { 'robustness.odd-but-legal': 'fail' },
    change(hub, correct) {
      const sent = new WeakMap<HubClient, number>();
      return {
        onMessage(client, opcode, payload) {
          const bytes = (sent.get(client) ?? 0) + payload.length;
          sent.set(client, bytes);
          if (bytes > 80 * 1024) hub.hooks.onViolation(client, 1009, 'too large');
          else correct.onMessage(client, opcode, payload);
        },
      };
    },
  },
];

// Symptoms of hubs that accept illegal handshakes, refuse legal ones, or answer them wrongly.
import { connect } from 'node:net';
import { openWitness, type Witness, type WitnessOptions } from '../../peers/witness-client.ts';
import { ABSENCE_MILLIS } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

const RFC_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const RFC_ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

function answered(options: WitnessOptions, isThis: (witness: Witness) => boolean): Symptom {
  return { shows: async (hub) => isThis(await openWitness(hub.url, options)) };
}

const takes = (options: WitnessOptions): Symptom =>
  answered(options, (witness) => witness.response?.status === 101);
const refuses = (options: WitnessOptions): Symptom =>
  answered(options, (witness) => witness.response?.status !== 101);

function headHas(witness: Witness, pattern: RegExp): boolean {
  return pattern.test(witness.response?.head ?? '');
}

export const HANDSHAKE_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'handshakes-one-by-one': {
    async shows(hub) {
      const { hostname, port } = new URL(hub.url);
      const silent = connect(Number(port), hostname);
      await new Promise((resume) => silent.once('connect', resume));
      const held = openWitness(hub.url);
      const isHeld = await Promise.race([
        held.then(() => false),
        new Promise<boolean>((resume) => setTimeout(resume, ABSENCE_MILLIS, true)),
      ]);
      silent.destroy();
      return isHeld && (await held).response?.status === 101;
    },
  },
  'any-version': takes({ headers: { 'Sec-WebSocket-Version': '7' } }),
  'missing-key-accepted': takes({ headers: { 'Sec-WebSocket-Key': undefined } }),
  'any-method': takes({ method: 'POST' }),
  'path-below-accepted': takes({ path: '/ws/elsewhere' }),
  'key-read-as-form': answered(
    { headers: { 'Sec-WebSocket-Key': '++//+/+/+//++/++/+//+w==' } },
    (witness) => witness.response?.status === 101 && !headHas(witness, /Y0fVxxr4x8qnuZW1GpuwrmurhcA=/),
  ),
  'any-path': takes({ path: '/elsewhere' }),
  'any-directory': takes({ path: '/elsewhere/ws' }),
  'exact-connection-token': refuses({ headers: { Connection: 'keep-alive, Upgrade' } }),
  'first-connection-line': refuses({ headers: { Connection: ['keep-alive', 'Upgrade'] } }),
  'one-client-per-cookie': {
    async shows(hub) {
      const headers = { Cookie: 'session=1' };
      const first = await openWitness(hub.url, { headers });
      const second = await openWitness(hub.url, { headers });
      return (await first.until(() => first.ended !== undefined)) && second.response?.status === 101;
    },
  },
  'needs-credentials': refuses({}),
  'wrong-accept-key': answered(
    { headers: { 'Sec-WebSocket-Key': RFC_KEY } },
    (witness) => witness.response?.status === 101 && !witness.response.head.includes(RFC_ACCEPT),
  ),
  'constant-accept-key': answered({}, (witness) => headHas(witness, /s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/)),
  'unrequested-extension': answered({}, (witness) => headHas(witness, /sec-websocket-extensions/i)),
  'extension-for-another': answered(
    { headers: { 'Sec-WebSocket-Extensions': 'x-webkit-deflate-frame' } },
    (witness) => headHas(witness, /permessage-deflate/i),
  ),
  'unrequested-subprotocol': answered({}, (witness) => headHas(witness, /sec-websocket-protocol/i)),
  'upgrades-unasked': takes({ headers: { Upgrade: undefined } }),
  'handshake-in-one-read': {
    async shows(hub) {
      const socket = connect({ host: '127.0.0.1', port: hub.port, noDelay: true });
      socket.on('error', () => {});
      let answer = '';
      const answered = new Promise<void>((resume) => {
        socket.on('data', (bytes) => {
          answer += bytes;
          resume();
        });
        socket.once('close', () => resume());
      });
      socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n');
      await new Promise<void>((resume) => socket.once('connect', () => setTimeout(resume, 100)));
      socket.write(
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${RFC_KEY}\r\n\r\n`,
      );
      await answered;
      socket.destroy();
      return answer.startsWith('HTTP/1.1 400');
    },
  },
  'half-handshake-blocks': {
    async shows(hub) {
      const slow = connect({ host: '127.0.0.1', port: hub.port });
      slow.on('error', () => {});
      slow.write('GET /ws HTTP/1.1\r\nHost: x\r\n');
      await new Promise<void>((resume) => slow.once('connect', () => setTimeout(resume, 100)));
      const witness = await openWitness(hub.url, { deadlineMillis: ABSENCE_MILLIS });
      const isBlocked = witness.response === undefined;
      slow.destroy();
      return isBlocked && (await witness.until(() => witness.response?.status === 101));
    },
  },
  'herd-refused': {
    async shows(hub) {
      const dials = await Promise.all(Array.from({ length: 200 }, () => openWitness(hub.url)));
      return dials.some((witness) => witness.response === undefined);
    },
  },
  'connection-quota': {
    async shows(hub) {
      let last: number | undefined;
      for (let dial = 0; dial < 301; dial += 1) {
        const witness = await openWitness(hub.url);
        last = witness.response?.status;
        witness.destroy();
      }
      return last === 503;
    },
  },
};

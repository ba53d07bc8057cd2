// Hostile and broken clients: the hub survives them and serves all others.
import { encodeClientFrame, encodeClosePayload, encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { fail, pass, warn } from '../../finding.ts';
import { describeState } from '../../lab/publishing.ts';

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
/** How long a text may wait in the hub until it is decoded. */
const DECODE_MILLIS = 1_000;

export const hugeLength: Check = {
  id: 'robustness.length-limited',
  chapter: 'robustness',
  title: 'a frame that declares a terabyte is refused before its data',
  level: 'should',
  clause: {
    source: 'RFC 6455 10.4',
    quote: 'implementations SHOULD impose reasonable limits on the frame size',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Clients are not authenticated; without a limit one connection can make the hub buffer a message until its memory is exhausted. The check sends only a header that declares 2^40 bytes: a hub with a limit closes at once (1009, or any end).',
  isolation: 'alone',
  async run(lab) {
    const client = await lab.connect();
    client.sendRaw(
      encodeFrame({ opcode: 2, mask: MASK, declaredBytes: 1n << 40n }),
      'a header that declares 2^40 bytes',
    );
    return (await client.untilClosed(5_000))
      ? pass()
      : fail({ expected: 'the connection is closed', got: 'the hub waits for the rest' });
  },
};

export const badText: Check = {
  id: 'robustness.bad-utf8',
  chapter: 'robustness',
  title: 'a text that is not UTF-8 ends the connection with 1007',
  level: 'should',
  clause: {
    source: 'RFC 6455 8.1',
    quote:
      'When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain: 'A hub that never interprets what clients send may ignore it: that is a warning, not a failure.',
  isolation: 'alone',
  async run(lab) {
    const client = await lab.connect();
    client.send(1, Buffer.from([0x68, 0xff, 0xfe]));
    const isAnswered = await client.ping('after');
    // A library may answer the Ping before the program takes the text from it, and fails only then.
    if (await client.untilClosed(isAnswered ? DECODE_MILLIS : undefined)) return pass();
    return isAnswered
      ? warn({ expected: 'Close 1007', got: 'the text was ignored' })
      : fail({ expected: 'Close 1007', got: describeState(client) });
  },
};

export const badCloseCodes: Check = {
  id: 'robustness.bad-close-codes',
  chapter: 'robustness',
  title: 'a Close with a code that may not be sent ends the connection, and is not echoed',
  level: 'must',
  clause: { source: 'RFC 6455 7.4.2', quote: 'Status codes in the range 0-999 are not used.' },
  needs: [],
  deadlineMillis: 180_000,
  explain:
    'Codes 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000 and 65535, and a body of one byte. The connection must end, and a witness must keep receiving; answering with the forbidden code itself is a warning.',
  isolation: 'alone',
  async run(lab) {
    const witness = lab.abilities.broadcast ? await lab.witness() : undefined;
    const echoed: number[] = [];
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535]) {
      const client = await lab.connect({ isPolite: false });
      client.send(8, encodeClosePayload(code));
      if (!(await client.untilClosed()))
        return fail({ expected: `the connection ends after Close ${code}`, got: describeState(client) });
      if (client.record.faults.length > 0) echoed.push(code);
    }
    const client = await lab.connect({ isPolite: false });
    client.sendRaw(encodeClientFrame(8, Buffer.from([3])), 'a Close of one byte');
    if (!(await client.untilClosed()))
      return fail({ expected: 'the connection ends after a Close of one byte', got: describeState(client) });
    if (witness) await lab.fence([witness]);
    return echoed.length === 0
      ? pass()
      : warn({ expected: 'Close 1002', got: `the hub echoed the codes ${echoed.join(', ')}` });
  },
};

export const garbage: Check = {
  id: 'robustness.garbage-survived',
  chapter: 'robustness',
  title: 'garbage, half a handshake and sudden resets do not affect other clients',
  level: 'must',
  clause: {
    source: 'protocol: Hub Architecture',
    quote: 'The WebSocket hub uses gorilla/websocket and manages connections with a central broadcast loop',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Port scanners, broken proxies and closed laptops are common. The check sends garbage before and after the handshake, half requests, and resets in the middle of a frame; a witness must keep receiving, and new clients must be accepted.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    const requests = [
      '\u0000\u0001\u0002\r\n\r\n',
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: webso',
      'GET /ws HTTP/1.1\r\n\r\n',
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
    ];
    await Promise.all(requests.map((bytes) => lab.exchange(bytes, { deadlineMillis: 500 })));
    for (let i = 0; i < 10; i++) {
      const client = await lab.connect();
      client.sendRaw(
        Buffer.from(i % 2 === 0 ? 'ffffffffffffffff' : '818500000000', 'hex'),
        'garbage, or half a frame',
      );
      // A reset at once would take the bytes with it, before the hub has read them.
      await lab.fence([witness]);
      client.reset();
    }
    await lab.fence([witness, await lab.witness()]);
    return pass();
  },
};

// Hostile and broken clients: the hub survives them and serves all others.
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { MASK } from '../../inputs/mask.ts';

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

// Frames that RFC 6455 forbids: the offender is disconnected, everybody else is served as before.
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check, Clause } from '../../check.ts';
import { type Finding, fail, listSome, pass, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';

type Offence = readonly [name: string, bytes: Buffer];

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const text = Buffer.from('hello');
const frame = (opcode: number, shape: Partial<Parameters<typeof encodeFrame>[0]> = {}) =>
  encodeFrame({ opcode, payload: text, mask: MASK, ...shape });

/** Commits each offence on a connection of its own: closed passes, without a Close frame warns, alive fails. */
async function judgeOffences(lab: Lab, offences: readonly Offence[]): Promise<Finding> {
  const witness = lab.abilities.broadcast ? await lab.witness() : undefined;
  const silent: string[] = [];
  for (const [name, bytes] of offences) {
    const client = await lab.connect();
    client.sendRaw(bytes, name);
    const isAlive = await client.ping('still there?');
    if (isAlive)
      return fail({
        expected: 'the hub closes the connection',
        got: `after ${name} the hub still answered a Ping`,
      });
    if (!(await client.untilClosed()))
      return fail({
        expected: 'the hub closes the connection',
        got: `after ${name} the connection stayed open`,
      });
    if (client.record.closes.length === 0) silent.push(name);
    if (witness) await lab.fence([witness]);
  }
  // An RST may overtake the Close wherever bytes were still unread.
  if (silent.length === offences.length)
    return warn({
      expected: 'a Close frame with 1002 before the end',
      got: `none after ${listSome(silent)}`,
    });
  return pass({ evidence: silent.map((name) => `no Close frame after ${name}`) });
}

function offenceCheck(
  id: string,
  title: string,
  clause: Clause,
  why: string,
  offences: readonly Offence[],
): Check {
  return {
    id,
    chapter: 'robustness',
    title,
    level: 'must',
    clause,
    needs: [],
    deadlineMillis: 60_000 + offences.length * 15_000,
    explain: `${why} Each is sent on its own connection, followed by a Ping: the hub must close the connection (with Close 1002; without any it is a warning), and a witness must keep receiving.`,
    isolation: 'alone',
    run: (lab) => judgeOffences(lab, offences),
  };
}

export const unmasked = offenceCheck(
  'robustness.unmasked-refused',
  'a frame that is not masked ends the connection',
  {
    source: 'RFC 6455 5.1',
    quote: 'The server MUST close the connection upon receiving a frame that is not masked.',
  },
  'Masking protects proxies between a browser and the hub; a server that accepts unmasked frames defeats it.',
  [
    ['an unmasked text', frame(1, { mask: undefined })],
    ['an unmasked Ping', frame(9, { mask: undefined })],
    ['an unmasked binary message', frame(2, { mask: undefined })],
    ['an unmasked Pong', frame(10, { mask: undefined })],
    ['an unmasked empty text', frame(1, { mask: undefined, payload: Buffer.alloc(0) })],
  ],
);

export const reservedBits = offenceCheck(
  'robustness.reserved-bits-refused',
  'a reserved bit without an extension ends the connection',
  {
    source: 'RFC 6455 5.2',
    quote:
      'If a nonzero value is received and none of the negotiated extensions defines the meaning of such a nonzero value, the receiving endpoint MUST _Fail the WebSocket Connection_.',
  },
  'A bit that was not negotiated means that one side reads something that the other did not write.',
  [
    ...[1, 2, 4].map(
      (bits): Offence => [
        `reserved bits ${bits.toString(2).padStart(3, '0')}`,
        frame(1, { reservedBits: bits }),
      ],
    ),
    ['a reserved bit on a Ping', frame(9, { reservedBits: 4 })],
    ['a reserved bit on a binary message', frame(2, { reservedBits: 1 })],
  ],
);

export const reservedOpcodes = offenceCheck(
  'robustness.reserved-opcodes-refused',
  'a reserved opcode ends the connection',
  {
    source: 'RFC 6455 5.2',
    quote: 'If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_.',
  },
  'Opcodes 3 to 7 and 11 to 15 have no meaning yet.',
  [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): Offence => [`opcode ${opcode}`, frame(opcode)]),
);

export const badControlFrames = offenceCheck(
  'robustness.bad-control-refused',
  'a control frame that is fragmented or too long ends the connection',
  {
    source: 'RFC 6455 5.5',
    quote: 'All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented.',
  },
  'Control frames stand between the fragments of messages; they must be whole and short.',
  [
    ['a fragmented Ping', frame(9, { isFinal: false })],
    ['a Ping of 126 bytes', frame(9, { payload: Buffer.alloc(126, 0x61) })],
    ['a fragmented Pong', frame(10, { isFinal: false })],
    ['a Pong of 126 bytes', frame(10, { payload: Buffer.alloc(126, 0x61) })],
  ],
);

export const badContinuations = offenceCheck(
  'robustness.bad-continuation-refused',
  'a continuation without a message, or a message inside another, ends the connection',
  {
    source: 'RFC 6455 5.4',
    quote: 'The fragments of one message MUST NOT be interleaved between the fragments of another message',
  },
  'A stream whose fragments do not fit together cannot be read further.',
  [
    ['a continuation without a message', frame(0)],
    ['a first fragment that is a continuation', frame(0, { isFinal: false })],
    [
      'a continuation after the last fragment',
      Buffer.concat([frame(1, { isFinal: false }), frame(0), frame(0)]),
    ],
    ['a text inside a fragmented text', Buffer.concat([frame(1, { isFinal: false }), frame(1)])],
    ['a binary message inside a fragmented text', Buffer.concat([frame(1, { isFinal: false }), frame(2)])],
  ],
);

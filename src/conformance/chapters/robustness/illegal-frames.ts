// Frames that RFC 6455 forbids: the offender is disconnected, everybody else is served as before; with compression (RFC 7692)
// as without.
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check, Clause } from '../../check.ts';
import { FACTS, type Finding, fail, listSome, pass, warn } from '../../finding.ts';
import { MASK } from '../../inputs/mask.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { compressedFrame, connectDeflated, connectDeflatedOrPlain, deflateMessage } from './deflated.ts';

type Offence = readonly [name: string, bytes: Buffer];

const text = Buffer.from('hello');
const frame = (opcode: number, shape: Partial<Parameters<typeof encodeFrame>[0]> = {}) =>
  encodeFrame({ opcode, payload: text, mask: MASK, ...shape });

const packed = deflateMessage(text);
/** A compressed text in two fragments, of which the second has this shape. */
const continued = (shape: Partial<Parameters<typeof encodeFrame>[0]>) =>
  Buffer.concat([
    compressedFrame(packed.subarray(0, 3), { isFinal: false }),
    frame(0, { payload: packed.subarray(3), ...shape }),
  ]);

/** Over connections that agreed to compression, where other code of a library reads frames. */
interface Deflated {
  /** Default: the same as without. */
  readonly offences?: readonly Offence[];
  /** RFC 7692 forbids them, and common libraries accept them. */
  readonly tolerated?: readonly Offence[];
}

interface Committed {
  readonly name: string;
  readonly client: LabClient;
  readonly isAlive: boolean;
}

/** On a connection of its own. */
async function commit(connect: () => Promise<LabClient>, [name, bytes]: Offence): Promise<Committed> {
  const client = await connect();
  client.sendRaw(bytes, name);
  return { name, client, isAlive: await client.ping('still there?') };
}

/** Closed passes, without a Close frame warns, alive fails. */
async function findSurvivor({ name, client, isAlive }: Committed): Promise<Finding | undefined> {
  const expected = 'the hub closes the connection';
  if (isAlive) return fail({ expected, got: `after ${name} the hub still answered a Ping` }, FACTS);
  if (!(await client.untilClosed()))
    return fail({ expected, got: `after ${name} the connection stayed open` });
  return undefined;
}

async function judgeOffences(lab: Lab, offences: readonly Offence[], deflated: Deflated): Promise<Finding> {
  const witness = lab.abilities.broadcast ? await lab.witness() : undefined;
  const silent: string[] = [];
  for (const offence of offences) {
    const committed = await commit(() => lab.connect(), offence);
    const survivor = await findSurvivor(committed);
    if (survivor !== undefined) return survivor;
    if (committed.client.record.closes.length === 0) silent.push(committed.name);
    if (witness) await lab.fence([witness]);
  }
  const overDeflate = await judgeDeflated(lab, { offences, ...deflated });
  if (overDeflate !== undefined) return overDeflate;
  if (witness) await lab.fence([witness]);
  // An RST may overtake the Close wherever bytes were still unread.
  if (silent.length === offences.length)
    return warn(
      { expected: 'a Close frame with 1002 before the end', got: `none after ${listSome(silent)}` },
      FACTS,
    );
  return pass({ evidence: silent.map((name) => `no Close frame after ${name}`) });
}

/** All at the same time: what one of them does to others was judged without compression. */
async function judgeDeflated(
  lab: Lab,
  { offences = [], tolerated = [] }: Deflated,
): Promise<Finding | undefined> {
  if ((await connectDeflated(lab)) === undefined) return undefined;
  const connect = () => connectDeflatedOrPlain(lab);
  const commitAll = (some: readonly Offence[]) =>
    Promise.all(some.map(([name, bytes]) => commit(connect, [`${name} (with compression)`, bytes])));
  const [forbidden, common] = await Promise.all([commitAll(offences), commitAll(tolerated)]);
  for (const committed of forbidden) {
    const survivor = await findSurvivor(committed);
    if (survivor !== undefined) return survivor;
  }
  const alive = common.filter(({ isAlive }) => isAlive).map(({ name }) => name);
  if (alive.length === 0) return undefined;
  return warn(
    {
      expected: 'the hub closes the connection (RFC 7692 6)',
      got: `the hub still answered a Ping after ${listSome(alive)}`,
    },
    FACTS,
  );
}

function offenceCheck(
  id: string,
  title: string,
  clause: Clause,
  why: string,
  offences: readonly Offence[],
  deflated: Deflated = {},
): Check {
  return {
    id,
    chapter: 'robustness',
    title,
    level: 'must',
    clause,
    needs: [],
    deadlineMillis: 60_000 + offences.length * 15_000,
    explain: `${why} Each is sent on its own connection, followed by a Ping: the hub must close the connection (with Close 1002; without any it is a warning), and a witness must keep receiving. Where the hub agrees to compression, connections that agreed to it must be closed, too.`,
    isolation: 'alone',
    run: (lab) => judgeOffences(lab, offences, deflated),
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
  'A bit that was not negotiated means that one side reads something that the other did not write. Compression gives a meaning to the first bit, at the beginning of a message only; that bit on a control frame or a continuation is a warning, as common libraries accept it.',
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
  {
    offences: [
      ...[1, 2, 3].map(
        (bits): Offence => [`reserved bits 0${bits.toString(2)}`, frame(1, { reservedBits: bits })],
      ),
      ['the second reserved bit of a compressed text', compressedFrame(packed, { reservedBits: 6 })],
      ['the third reserved bit of a Ping', frame(9, { reservedBits: 1 })],
      ['the second reserved bit of a continuation', continued({ reservedBits: 2 })],
    ],
    tolerated: [
      ['the bit of compression on a Ping', frame(9, { reservedBits: 4 })],
      ['the bit of compression on a Pong', frame(10, { reservedBits: 4 })],
      ['the bit of compression on a continuation', continued({ reservedBits: 4 })],
    ],
  },
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
  {
    offences: [
      ['a continuation without a message', frame(0)],
      ['a text inside a fragmented text', Buffer.concat([frame(1, { isFinal: false }), frame(1)])],
      ['a continuation after a compressed text', Buffer.concat([compressedFrame(packed), frame(0)])],
      [
        'a compressed text inside a fragmented one',
        Buffer.concat([compressedFrame(packed.subarray(0, 3), { isFinal: false }), compressedFrame(packed)]),
      ],
    ],
  },
);

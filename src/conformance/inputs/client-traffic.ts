// What a client may send: generated messages and control frames, of every length, in fragments, with anything that
// RFC 6455 allows between them, and in any pieces. Clients of this protocol only listen, but libraries send what they like,
// and a hub must take each of it (sections 5.2 to 5.5).
import fc from 'fast-check';
import { createRandom, type Random } from '../../kit/random.ts';
import { COMPRESSED_BIT } from '../../wire/deflate.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';
import { piecesBetween } from '../../wire/request/write-cut.ts';

interface Control {
  readonly opcode: typeof OPCODE.ping | typeof OPCODE.pong;
  readonly bytes: number;
}

interface Message {
  readonly opcode: typeof OPCODE.text | typeof OPCODE.binary;
  readonly bytes: number;
  /** Where the fragments end, in thousandths of the message; the same twice is an empty fragment. */
  readonly cuts: readonly number[];
  /** Sent after the first fragments, one after each. */
  readonly inside: readonly Control[];
  /** Only where compression was agreed on. */
  readonly isCompressed: boolean;
  readonly isMaskZero: boolean;
}

/** What a client sends before it waits for an answer. */
export interface Burst {
  readonly seed: number;
  readonly said: readonly (Message | Control)[];
  /** How the frames are written: each by itself, all together, or all together and cut here, in thousandths. */
  readonly writes: 'each' | 'together' | readonly number[];
}

const MOST_CONTROL_BYTES = 125;
const MOST_FRAGMENTS = 24;
const MOST_PIECES = 4;
const THOUSAND = 1_000;

const control: fc.Arbitrary<Control> = fc.record({
  opcode: fc.constantFrom(OPCODE.ping, OPCODE.pong),
  bytes: fc.oneof(fc.nat(MOST_CONTROL_BYTES), fc.constantFrom(0, MOST_CONTROL_BYTES)),
});

/** The form of the length field changes at 126 and 65,536; buffers end at powers of two. */
const EDGES_BYTES = [
  125, 126, 127, 128, 255, 256, 257, 511, 512, 513, 1_023, 1_024, 1_025, 2_048, 4_000, 4_095, 4_096, 4_097,
  8_191, 8_192, 8_193, 16_383, 16_384,
];

function message(mostBytes: number): fc.Arbitrary<Message> {
  const edges = EDGES_BYTES.filter((bytes) => bytes <= mostBytes);
  const bytes = fc.oneof(
    { weight: 12, arbitrary: fc.nat(Math.min(40, mostBytes)) },
    ...(edges.length === 0 ? [] : [{ weight: 4, arbitrary: fc.constantFrom(...edges) }]),
    { weight: 1, arbitrary: fc.nat(mostBytes) },
  );
  const cuts = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(fc.nat(THOUSAND), { maxLength: MOST_FRAGMENTS, size: 'max' }) },
  );
  return fc.record({
    opcode: fc.constantFrom(OPCODE.text, OPCODE.binary),
    bytes,
    cuts,
    inside: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(control, { maxLength: 3 }) },
    ),
    isCompressed: fc.boolean(),
    isMaskZero: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 9),
  });
}

const writes: fc.Arbitrary<Burst['writes']> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('each' as const) },
  { weight: 2, arbitrary: fc.constant('together' as const) },
  { weight: 1, arbitrary: fc.array(fc.nat(THOUSAND), { minLength: 1, maxLength: MOST_PIECES - 1 }) },
);

/** `mostBytes`: of a message; `isData` false: control frames only. */
export function clientTraffic(
  mostBytes: number,
  { isData, mostSaid }: { readonly isData: boolean; readonly mostSaid: number },
): fc.Arbitrary<Burst> {
  const said = isData ? fc.oneof({ weight: 4, arbitrary: message(mostBytes) }, control) : control;
  return fc.record({
    seed: fc.nat(0xffff),
    said: fc.array(said, { minLength: 1, maxLength: mostSaid, size: 'max' }),
    writes,
  });
}

/** One message with a context of its own, which is always legal (RFC 7692 7.1.1.2), without the last four bytes (7.2.1). */
export type Deflate = (message: Buffer) => Buffer;

interface Encoded {
  /** One after the other; between the pieces of a frame that is cut, the writer waits a moment. */
  readonly writes: readonly Buffer[];
  /** The bodies of its Pings, in order. */
  readonly pings: readonly Buffer[];
}

interface Frame {
  readonly bytes: Buffer;
  readonly pingBody?: Buffer;
}

export function encodeBurst({ seed, said, writes: how }: Burst, deflate?: Deflate): Encoded {
  const random = createRandom(seed, 'client traffic');
  const frames = said.flatMap((one) =>
    isControl(one) ? [encodeControl(one, random)] : encodeMessage(one, random, deflate),
  );
  const pings = frames.flatMap(({ pingBody }) => pingBody ?? []);
  const bytes = frames.map((frame) => frame.bytes);
  if (how === 'each') return { writes: bytes, pings };
  const whole = Buffer.concat(bytes);
  const writes = how === 'together' ? [whole] : cutAt(whole, how).filter(({ length }) => length > 0);
  return { writes, pings };
}

export const isControl = (said: Message | Control): said is Control =>
  said.opcode === OPCODE.ping || said.opcode === OPCODE.pong;

function encodeControl({ opcode, bytes }: Control, random: Random): Frame {
  const payload = random.bytes(bytes);
  const frame = encodeFrame({ opcode, payload, mask: random.bytes(4) });
  return opcode === OPCODE.ping ? { bytes: frame, pingBody: payload } : { bytes: frame };
}

function encodeMessage(said: Message, random: Random, deflate: Deflate | undefined): Frame[] {
  const { opcode, cuts, inside, isMaskZero } = said;
  const plain = opcode === OPCODE.text ? someText(random, said.bytes) : someBytes(random, said.bytes);
  const compress = said.isCompressed ? deflate : undefined;
  const parts = cutAt(compress?.(plain) ?? plain, cuts);
  return parts.flatMap((payload, at) => {
    const bytes = encodeFrame({
      opcode: at === 0 ? opcode : OPCODE.continuation,
      isFinal: at === parts.length - 1,
      reservedBits: at === 0 && compress !== undefined ? COMPRESSED_BIT : 0,
      payload,
      mask: isMaskZero ? Buffer.alloc(4) : random.bytes(4),
    });
    const between = inside[at];
    return between === undefined || at === parts.length - 1
      ? [{ bytes }]
      : [{ bytes }, encodeControl(between, random)];
  });
}

function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = cuts.toSorted((one, other) => one - other).map((cut) => (cut * bytes.length) / THOUSAND);
  return piecesBetween(bytes, ends.map(Math.round));
}

/** Longer than that it begins again: an odd number, so that no mask and no buffer fits. */
const REPEATED_BYTES = 509;

function someBytes(random: Random, bytes: number): Buffer {
  return Buffer.alloc(bytes, random.bytes(Math.max(1, Math.min(bytes, REPEATED_BYTES))));
}

/** Characters of one to four bytes. */
const CHARACTERS = ['a', '"', '{', '\n', '\u00e9', '\u0416', '\u20ac', '\u2028', '\u{1f600}', '\u{10fffd}'];

/** UTF-8, whole to its end. */
function someText(random: Random, bytes: number): Buffer {
  const characters: Buffer[] = [];
  let left = Math.min(bytes, REPEATED_BYTES);
  while (left > 0) {
    const drawn = Buffer.from(CHARACTERS[random.between(0, CHARACTERS.length - 1)] as string);
    const character = drawn.length <= left ? drawn : Buffer.from('x');
    characters.push(character);
    left -= character.length;
  }
  const unit = Buffer.concat(characters);
  const times = unit.length === 0 ? 0 : Math.floor(bytes / unit.length);
  const rest = Buffer.alloc(bytes - times * unit.length, 'x');
  return Buffer.concat([...Array.from({ length: times }, () => unit), rest]);
}

/** Simpler bursts, the simplest first; each says less than this one. */
export function* simplerBursts(burst: Burst): Generator<Burst> {
  const { said, writes: how } = burst;
  for (let size = said.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at < said.length; at += size)
      if (said.length > size) yield { ...burst, said: [...said.slice(0, at), ...said.slice(at + size)] };
  if (how !== 'each') yield { ...burst, writes: 'each' };
  for (const [at, one] of said.entries())
    for (const simpler of isControl(one) ? simplerControls(one) : simplerMessages(one))
      yield { ...burst, said: said.with(at, simpler) };
}

function* simplerControls(said: Control): Generator<Control> {
  if (said.bytes > 0) yield { ...said, bytes: 0 };
}

function* simplerMessages(said: Message): Generator<Message> {
  const { bytes, cuts, inside, isCompressed, isMaskZero } = said;
  if (inside.length > 0) yield { ...said, inside: [] };
  if (cuts.length > 0) yield { ...said, cuts: [] };
  if (cuts.length > 1) yield { ...said, cuts: cuts.slice(0, cuts.length >> 1) };
  if (isCompressed) yield { ...said, isCompressed: false };
  if (isMaskZero) yield { ...said, isMaskZero: false };
  if (bytes > 1) yield { ...said, bytes: 1 };
  if (bytes > 2) yield { ...said, bytes: bytes >> 1 };
}

/** In words, for findings: "a text of 130 B in 3 fragments; a Ping of 0 B". */
export function describeBurst({ said, writes: how }: Burst): string {
  const texts = said.map((one) => (isControl(one) ? describeControl(one) : describeMessage(one)));
  if (typeof how !== 'string') return `${texts.join('; ')}, cut into ${how.length + 1} writes`;
  return how === 'together' && said.length > 1 ? `${texts.join('; ')}, in one write` : texts.join('; ');
}

const describeControl = ({ opcode, bytes }: Control): string =>
  `a ${opcode === OPCODE.ping ? 'Ping' : 'Pong'} of ${bytes} B`;

function describeMessage({ opcode, bytes, cuts, inside, isCompressed, isMaskZero }: Message): string {
  const fragments = cuts.length === 0 ? '' : ` in ${cuts.length + 1} fragments`;
  const between = cuts.length === 0 ? [] : inside.slice(0, cuts.length).map(describeControl);
  return [
    `${isCompressed ? 'a compressed' : 'a'} ${opcode === OPCODE.text ? 'text' : 'binary message'} of ${bytes} B${fragments}`,
    ...between.map((text) => `with ${text} inside`),
    ...(isMaskZero ? ['with a mask of zeros'] : []),
  ].join(' ');
}

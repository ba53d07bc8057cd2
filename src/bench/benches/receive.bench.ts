// How many deliveries a second of CPU time receives and fully verifies, as the load driver does it, by Node's sockets and
// through a ring, against a `ws` client that only counts them; and against what only counts frames: the same connections
// when nothing is verified, and a receiver in C, below which no receiver gets. It guards the hot path in client/, ledger/
// and wire/.
import { openRing } from '../../wire/ring/open-ring.ts';
import type { Bar, Bench, BenchContext, BenchRow } from '../bench.ts';
import type { BuiltProgram } from '../native/built-program.ts';
import { buildCReceiver, startCReceiver, whyNoCompiler } from '../native/c-receiver.ts';
import {
  perCpuSecond,
  type Receiver,
  type Receivers,
  startReceiver,
  withReceivers,
} from '../receive-turns.ts';
import { type Contender, compareTurns, median } from '../rounds.ts';
import type { ReceiveResult } from '../subjects/receive-subject.ts';

interface Bars {
  readonly framesPerRead: number;
  /** Of Node's sockets against `ws`. */
  readonly net: Bar;
  readonly ring: { readonly ws: Bar; readonly c: Bar };
}

const atLeast = (ratio: number, failsAt: number): Bar => ({ sense: 'at-least', ratio, failsAt });
const BARS: readonly Bars[] = [
  { framesPerRead: 1, net: atLeast(1.25, 0.8), ring: { ws: atLeast(1.7, 1.1), c: atLeast(0.75, 0.25) } },
  { framesPerRead: 3, net: atLeast(1.5, 0.9), ring: { ws: atLeast(2.2, 1.3), c: atLeast(0.75, 0.25) } },
  { framesPerRead: 16, net: atLeast(3, 1.2), ring: { ws: atLeast(3, 1.5), c: atLeast(0.65, 0.1) } },
];
const FLOOR = { isFloor: true } as const;
const UNIT = 'deliveries/CPU-s';

interface Field {
  readonly names: readonly Receiver[];
  readonly receiverInC: BuiltProgram | undefined;
  /** What is left out, and why. */
  readonly notes: readonly string[];
}

export const receiveBench: Bench = {
  name: 'receive',
  title:
    'verified deliveries per CPU-second of the driver, against ws clients and C programs that only count',
  async run(context) {
    const field = await prepare(context);
    try {
      return await withReceivers(field.names, context, (receivers) => compare(field, receivers), {
        start: (name) => startOne(name, field.receiverInC),
      });
    } finally {
      field.receiverInC?.remove();
    }
  },
};

/** The short form has no more contenders than bars. */
async function prepare({ isShort }: BenchContext): Promise<Field> {
  const names: Receiver[] = isShort ? ['ledger', 'ws'] : ['ledger', 'ws', 'net'];
  const notes: string[] = [];
  const ring = openRing();
  if (ring.ok) {
    ring.value.close();
    names.push('ring');
  } else notes.push(`reading through a ring is left out: ${ring.problem}`);
  const whyNot = whyNoCompiler();
  if (whyNot !== undefined) {
    notes.push(`receivers in C are left out: ${whyNot}`);
    return { names, receiverInC: undefined, notes };
  }
  names.push('c-epoll');
  if (ring.ok && !isShort) names.push('c-ring');
  return { names, receiverInC: await buildCReceiver(), notes };
}

function startOne(name: Receiver, receiverInC: BuiltProgram | undefined) {
  const isInC = name === 'c-epoll' || name === 'c-ring';
  return isInC && receiverInC !== undefined ? startCReceiver(receiverInC, name) : startReceiver(name);
}

async function compare({ names, notes }: Field, { turns, judge }: Receivers) {
  const rows: BenchRow[] = [];
  const seen: string[] = [];
  for (const bars of BARS) {
    const results = await turns(bars.framesPerRead);
    rows.push(...rowsOf(bars, names, results));
    const [ledger = []] = results;
    const frames = median(ledger.map(({ deliveries, reads }) => deliveries / reads));
    seen.push(`${bars.framesPerRead} a read: ${frames.toFixed(1)} frames a read in fact`);
  }
  return { rows, notes: [...notes, ...seen, ...(await judge())] };
}

/** Each that verifies against each that only counts, as far as they are there. */
function rowsOf({ framesPerRead, net, ring }: Bars, names: readonly Receiver[], results: ReceiveResult[][]) {
  const label = `${framesPerRead} a read`;
  const contender = (name: Receiver, title: string): Contender => ({
    name: title,
    values: (results[names.indexOf(name)] ?? []).map(perCpuSecond),
  });
  const pairs: [ours: Receiver, title: string, theirs: Receiver, title: string, bar?: Bar][] = [
    ['ledger', `verified, ${label}`, 'ws', 'ws, counted', net],
    ['ledger', `verified, ${label}`, 'net', 'net, counted'],
    ['ring', `verified through a ring, ${label}`, 'ws', 'ws, counted', ring.ws],
    ['ring', `verified through a ring, ${label}`, 'c-epoll', 'C with epoll, counted', ring.c],
    ['ring', `verified through a ring, ${label}`, 'c-ring', 'C with io_uring, counted'],
  ];
  return pairs
    .filter(([ours, , theirs]) => names.includes(ours) && names.includes(theirs))
    .map(([ours, title, theirs, theirTitle, bar]) => ({
      ...compareTurns(contender(ours, title), contender(theirs, theirTitle), UNIT, bar),
      ...(theirs === 'c-ring' && FLOOR),
    }));
}

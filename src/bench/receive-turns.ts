// Turns of clients that receive the same flood: what the benches of receiving share.
import type { BenchContext } from './bench.ts';
import { type BenchChild, startSubject } from './child.ts';
import type { CReceiver } from './native/c-receiver.ts';
import { takeTurns } from './rounds.ts';
import type { FloodOrder } from './subjects/flood-server.ts';
import type {
  ReceiveOrder,
  ReceiveResult,
  ReceiveSubject,
  ReceiveVerdict,
} from './subjects/receive-subject.ts';

/** How much one turn is. */
interface TurnSize {
  readonly clients: number;
  /** At one frame a read. */
  readonly reads: number;
}

const TURN: TurnSize = { clients: 500, reads: 150_000 };
const SHORT_TURN: TurnSize = { clients: 500, reads: 25_000 };

export type Receiver = ReceiveSubject | CReceiver;

const VERIFIES: ReadonlySet<Receiver> = new Set(['ledger', 'ring', 'tls', 'deflate', 'takeover']);

export interface Receivers {
  /** For each subject the deliveries and CPU time of each turn, in the order of the subjects. */
  turns(framesPerRead: number): Promise<ReceiveResult[][]>;
  /** One sentence for each subject that verifies; throws when its ledger does not balance. */
  judge(): Promise<string[]>;
}

interface ReceiverOptions {
  readonly size?: TurnSize;
  readonly start?: (name: Receiver) => BenchChild;
}

export function startReceiver(name: Receiver): BenchChild {
  return startSubject('receive-subject', [name]);
}

export async function withReceivers<T>(
  names: readonly Receiver[],
  { rounds, isShort }: BenchContext,
  run: (receivers: Receivers) => Promise<T>,
  { size = isShort ? SHORT_TURN : TURN, start = startReceiver }: ReceiverOptions = {},
): Promise<T> {
  const server = startSubject('flood-server');
  const subjects = names.map(start);
  let events = 0;

  async function turns(framesPerRead: number): Promise<ReceiveResult[][]> {
    // The share of a read in the cost falls with the frames in it; turns stay about equally long.
    const ticks = Math.ceil(size.reads / Math.sqrt(framesPerRead) / size.clients);
    events += (rounds + 1) * ticks * framesPerRead;
    return await takeTurns(
      rounds,
      subjects.map((subject, index) => () => {
        const flood = { group: names[index] ?? '', ticks, framesPerTick: framesPerRead, pid: subject.pid };
        return runTurn(server, subject, flood);
      }),
    );
  }

  async function judge(): Promise<string[]> {
    const notes: string[] = [];
    for (const [index, name] of names.entries()) {
      const subject = subjects[index];
      if (subject === undefined || !VERIFIES.has(name)) continue;
      const verdict = await order<ReceiveVerdict>(subject, { kind: 'judge', events });
      if (!verdict.balanced)
        throw new Error(`the ledger of the bench (${name}) does not balance: ${JSON.stringify(verdict)}`);
      notes.push(`the ledger of all turns (${name}) balances: ${JSON.stringify(verdict)}`);
    }
    return notes;
  }

  try {
    const ports = await server.answer<{ port: number; tlsPort: number }>();
    for (const subject of subjects)
      await order(subject, { kind: 'connect', ...ports, clients: size.clients });
    return await run({ turns, judge });
  } finally {
    for (const child of [server, ...subjects]) child.close();
  }
}

async function runTurn(server: BenchChild, subject: BenchChild, flood: FloodOrder): Promise<ReceiveResult> {
  await order(subject, { kind: 'begin', framesPerTick: flood.framesPerTick });
  await server.ask(flood);
  return await order<ReceiveResult>(subject, { kind: 'end' });
}

function order<T>(subject: BenchChild, receiveOrder: ReceiveOrder): Promise<T> {
  return subject.ask<T>(receiveOrder);
}

export function perCpuSecond({ deliveries, cpuMicros }: ReceiveResult): number {
  return (deliveries / cpuMicros) * 1e6;
}

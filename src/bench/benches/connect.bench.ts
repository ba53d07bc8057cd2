// What it costs the driver to have clients: connections per CPU-second, and bytes of user space for each that is
// connected and idle, its ledger included, against `ws` clients. Kernel memory is not counted: it is the same for both.
import type { Bench, BenchContext, BenchResult, BenchRow } from '../bench.ts';
import { type BenchChild, startSubject } from '../child.ts';
import { compareTurns, takeTurns } from '../rounds.ts';
import type { ConnectOrder, ConnectResult } from '../subjects/connect-subject.ts';
import type { ResetOrder } from '../subjects/flood-server.ts';

const CLIENTS = [1_000, 5_000, 15_000];
const SHORT_CLIENTS = [1_000];
const RATE_BAR = { sense: 'at-least', ratio: 1.2, failsAt: 0.4 } as const;
const MEMORY_BAR = { sense: 'at-most', ratio: 1, failsAt: 1.5 } as const;
/** With fewer clients the pages in which a heap grows are most of what is seen. */
const BARRED_CLIENTS = 15_000;
/** The bar of the product in bytes; shown, because a ratio is what can be judged on any machine. */
const IDLE_CLIENT_BYTES = 5 * 1024;

export const connectBench: Bench = {
  name: 'connect',
  title: 'connections per CPU-second and user-space bytes per idle client, against ws clients',
  async run(context) {
    const server = startSubject('flood-server');
    const rows: BenchRow[] = [];
    const notes: string[] = [];
    try {
      const { port } = await server.answer<{ port: number }>();
      for (const clients of context.isShort ? SHORT_CLIENTS : CLIENTS) {
        const result = await compareClients(context, server, port, clients);
        rows.push(...result.rows);
        notes.push(...result.notes);
      }
    } finally {
      server.close();
    }
    return { rows, notes };
  },
};

async function compareClients(
  { rounds }: BenchContext,
  server: BenchChild,
  port: number,
  clients: number,
): Promise<BenchResult> {
  const turns = await takeTurns(rounds, [
    () => connectOnce(server, 'ledger', port, clients),
    () => connectOnce(server, 'ws', port, clients),
  ]);
  const [ours = [], theirs = []] = turns;
  const rate = ({ cpuMicros }: ConnectResult) => (clients / cpuMicros) * 1e6;
  const bytes = ({ userBytes }: ConnectResult) => userBytes / clients;
  const name = `driver, ${clients} clients`;
  const memory = compareTurns(
    { name, values: ours.map(bytes) },
    { name: 'ws', values: theirs.map(bytes) },
    'bytes/idle client',
    clients === BARRED_CLIENTS ? MEMORY_BAR : undefined,
  );
  return {
    rows: [
      compareTurns(
        { name, values: ours.map(rate) },
        { name: 'ws', values: theirs.map(rate) },
        'connections/CPU-s',
        RATE_BAR,
      ),
      memory,
    ],
    notes: [
      `${clients} clients: ${(memory.ours / 1024).toFixed(1)} KiB each, ` +
        `${memory.ours <= IDLE_CLIENT_BYTES ? 'within' : 'beyond'} the bar of ${IDLE_CLIENT_BYTES / 1024} KiB`,
    ],
  };
}

/** A process of its own each time: memory that was once used is never quite given back. */
async function connectOnce(
  server: BenchChild,
  kind: string,
  port: number,
  clients: number,
): Promise<ConnectResult> {
  const subject = startSubject('connect-subject', [kind], true);
  try {
    const order: ConnectOrder = { port, clients };
    return await subject.ask<ConnectResult>(order);
  } finally {
    const end: ResetOrder = { reset: kind };
    await server.ask(end);
    subject.close();
  }
}

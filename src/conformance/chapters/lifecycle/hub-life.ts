// The hub's own life: crash, restart, and what it keeps of clients that are gone.

import type { Check } from '../../check.ts';
import { fail, pass, skip } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import type { Lab } from '../../lab/lab.ts';
import { waitedInVain } from '../../timed-work.ts';
import { EVERY_WAY, leaveInTurn } from './leaving.ts';

export const restartWorks: Check = {
  id: 'lifecycle.restart',
  chapter: 'lifecycle',
  title: 'after a crash the hub restarts and serves new clients',
  level: 'must',
  clause: { source: 'protocol: WebSocket', quote: 'Norn uses WebSocket for real-time event broadcasting.' },
  needs: ['broadcast', 'restart'],
  deadlineMillis: 90_000,
  explain:
    'The hub is killed under ten connected clients and started again: each must lose its connection, and a new client must receive events.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(10);
    await lab.target.kill();
    for (const client of clients) {
      if (!(await client.untilClosed()))
        return fail({ expected: 'a killed hub leaves no connection', got: describeState(client) });
    }
    const start = await lab.target.restart();
    if (!start.ok) return fail({ expected: 'the hub starts again', got: start.problem });
    const client = await lab.witness({ url: start.target.url });
    await lab.fence([client]);
    return pass();
  },
};

const CONNECTIONS = 500;
const ALLOWED_DESCRIPTORS = 20;

export const nothingLeaks: Check = {
  id: 'lifecycle.nothing-leaks',
  chapter: 'lifecycle',
  title: '500 clients that come and go leave nothing behind',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'the client is disconnected and cleaned up' },
  needs: [],
  deadlineMillis: 180_000,
  explain:
    "A hub that keeps something of every client eventually runs out of memory or descriptors. 500 clients connect and leave, with a Close, a reset, or a FIN, some of them in the middle of a message or a frame, and the hub must close each connection. In between, handshakes are refused or break off, some with a reset before their answer has come. One client stays and must receive the event after all of this (a hub that exhausts its client numbers reuses the number of this client). Then the hub's own count of clients, or its open descriptors, must be back at the initial value (20 more descriptors are allowed).",
  isolation: 'alone',
  async run(lab) {
    if (!lab.abilities.stats && !lab.abilities.resources) return skip("needs the hub's stats or its process");
    const stayer = lab.abilities.broadcast ? await lab.witness() : undefined;
    const before = await readCounts(lab);
    for (let done = 0; done < CONNECTIONS; done += 50) {
      const clients = await Promise.all(Array.from({ length: 50 }, () => lab.connect()));
      leaveInTurn(clients, EVERY_WAY);
      await breakOff(lab);
      const ends = await Promise.all(clients.map((client) => client.untilClosed()));
      const stuck = clients[ends.indexOf(undefined)];
      if (stuck)
        return fail({ expected: 'a client that leaves loses its connection', got: describeState(stuck) });
    }
    const fromMillis = lab.elapsedMillis();
    const untilMillis = fromMillis + lab.settings.waitMillis;
    let after = await readCounts(lab);
    while (hasLeak(before, after) && lab.elapsedMillis() < untilMillis) {
      await lab.pause(200);
      after = await readCounts(lab);
    }
    lab.note(
      `clients ${before.clients ?? '?'} -> ${after.clients ?? '?'}, descriptors ${before.descriptors ?? '?'} -> ${after.descriptors ?? '?'}`,
    );
    const basis = waitedInVain({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
    if (stayer) await lab.fence([stayer]);
    if (!hasLeak(before, after)) return pass();
    return fail(
      {
        expected: 'the counts from before 500 clients connected and left',
        got: `clients ${before.clients ?? '?'} before, ${after.clients ?? '?'} after; descriptors ${before.descriptors ?? '?'} before, ${after.descriptors ?? '?'} after`,
      },
      { basis },
    );
  },
};

/** Handshakes of which no client comes: a foreign page's, one without a key, half a one. */
const NO_CLIENTS: readonly ((url: string) => Buffer)[] = [
  (url) => encodeHandshake(url, { headers: { Origin: 'http://evil.example' } }).bytes,
  (url) => encodeHandshake(url, { headers: { 'Sec-WebSocket-Key': undefined } }).bytes,
  (url) => encodeHandshake(url).bytes.subarray(0, -4),
];
/**
 * How long each waits before it ends its connection: nobody answers half a handshake, and a hub may be in the middle of its
 * refusal. In ten rounds there are twice as many of each as descriptors are allowed.
 */
const UNANSWERED_MILLIS = [0, 2, 15, 100];

async function breakOff(lab: Lab): Promise<void> {
  const attempts = NO_CLIENTS.flatMap((request) =>
    UNANSWERED_MILLIS.map((deadlineMillis) => ({ request, deadlineMillis })),
  );
  await Promise.all(
    attempts.map(async ({ request, deadlineMillis }) => {
      const exchange = await lab.exchange(request(lab.url), { deadlineMillis });
      if (!('connection' in exchange)) return;
      if (exchange.kind === 'silence') exchange.connection.reset();
      else exchange.connection.destroy();
    }),
  );
}

interface Counts {
  readonly clients: number | undefined;
  readonly descriptors: number | undefined;
}

async function readCounts(lab: Lab): Promise<Counts> {
  const [stats, resources] = await Promise.all([lab.target.stats(), lab.target.resources()]);
  return { clients: stats?.clients, descriptors: resources?.descriptors };
}

function hasLeak(before: Counts, after: Counts): boolean {
  const grew = (a: number | undefined, b: number | undefined, allowed: number) =>
    a !== undefined && b !== undefined && b > a + allowed;
  return (
    grew(before.clients, after.clients, 0) || grew(before.descriptors, after.descriptors, ALLOWED_DESCRIPTORS)
  );
}

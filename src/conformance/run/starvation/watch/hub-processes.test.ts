// Which processes count as the hub: those that the target knows, or those that listen where it is.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../../testing/simulated/simulated-clock.ts';
import { createPidList, hubProcessesOf } from './hub-processes.ts';

const OWN = 1;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Process 1 is the kit, and each process has started the ones that are listed. */
function startList(found: readonly number[][], children: Readonly<Record<number, number[]>> = {}) {
  const clock = createSimulatedClock({ startMicros: 0 });
  let looks = 0;
  const withDescendants = (pids: readonly number[]): number[] =>
    pids.flatMap((pid) => [pid, ...withDescendants(children[pid] ?? [])]);
  const processes = { known: () => undefined, find: async () => found[looks++] ?? [] };
  const list = createPidList(clock, processes, { withDescendants, ownPid: OWN });
  return { clock, list, looks: () => looks };
}

describe('createPidList', () => {
  it('lists what listens where the hub is, with what it has started', async () => {
    const { list } = startList([[7]], { 7: [8, 9] });
    expect(list(true)).toEqual({ pids: [], isKnown: false });
    await settled();
    expect(list(true)).toEqual({ pids: [7, 8, 9], isKnown: false });
  });

  it('lists neither the kit nor what else was started by who has started the kit', async () => {
    const { list } = startList([[OWN, 5, 7]], { 5: [OWN, 6], 7: [8] });
    list(true);
    await settled();
    expect(list(true).pids).toEqual([5, 7, 8]);
  });

  it('looks again when those that it has found are gone, every ten seconds', async () => {
    const { clock, list, looks } = startList([[7], [], [8]]);
    const pids: (readonly number[])[] = [];
    for (let second = 0; second < 30; second++) {
      // Nothing of 7 can be read any more.
      pids.push(list(!pids.at(-1)?.includes(8) && second !== 1).pids);
      await settled();
      clock.advance(1_000);
    }
    expect([pids[1], pids.at(-1), looks()]).toEqual([[7], [8], 3]);
  });

  it('looks once where nothing is found', async () => {
    const { clock, list, looks } = startList([[]]);
    for (let second = 0; second < 60; second++) {
      list(true);
      await settled();
      clock.advance(1_000);
    }
    expect(looks()).toBe(1);
  });
});

describe.skipIf(process.platform !== 'linux')('hubProcessesOf', () => {
  const ends: (() => unknown)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  async function startListener(): Promise<{ child: ChildProcess; port: number }> {
    const script =
      "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    ends.push(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    return { child, port: Number(line) };
  }

  it('finds the process that listens on a port of this machine', async () => {
    const { child, port } = await startListener();
    const target = { url: `ws://localhost:${port}/ws`, pids: undefined };
    const processes = hubProcessesOf(() => target);
    expect(processes.known()).toBeUndefined();
    expect(await processes.find()).toEqual([child.pid]);
  });

  it('finds nobody behind a proxy, on another machine, or where nobody listens', async () => {
    const { port } = await startListener();
    const server: Server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const free = (server.address() as { port: number }).port;
    await new Promise((resolve) => server.close(resolve));
    const targets = [
      { url: `ws://127.0.0.1:${port}/ws`, proxy: 'nginx' },
      { url: `ws://hub.example:${port}/ws` },
      { url: `ws://127.0.0.1:${free}/ws` },
    ];
    for (const target of targets) expect(await hubProcessesOf(() => target).find()).toEqual([]);
  });
});

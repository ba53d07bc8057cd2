// One contract, every adapter: what a check or the load driver may rely on holds for each way to drive a hub. An
// adapter that lacks an ability is skipped where it is needed, with the reason.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHttpTarget } from './http/http-target.ts';
import { startModuleTarget } from './module/module-target.ts';
import { createObserveTarget } from './observe.ts';
import { programFile } from './spawn/program-file.ts';
import { startReferenceTarget } from './spawn/reference.ts';
import { startStdioTarget } from './spawn/stdio.ts';
import type { Target, TargetStart } from './target.ts';

const nodeHub = fileURLToPath(new URL('../../examples/node-ws/hub.mjs', import.meta.url));
const moduleFile = fileURLToPath(new URL('../../examples/module-adapter/adapter.mjs', import.meta.url));
const lineHub = fileURLToPath(new URL('../testing/peers/line-hub.mjs', import.meta.url));
const spawnCommand = (file: string) => `'${process.execPath}' '${file}'`;
const isReferenceBuilt = existsSync(programFile(new URL('../cli/hub.ts', import.meta.url)));

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

interface AdapterCase {
  readonly name: string;
  readonly skip?: string;
  readonly lacks: readonly (keyof Target['abilities']['missing'])[];
  start(): Promise<TargetStart>;
}

async function startForeign(make: (hub: Target, broadcastUrl: string) => Promise<TargetStart>) {
  const hub = await started({ start: () => startStdioTarget({ command: spawnCommand(nodeHub) }) });
  return make(hub, hub.url.replace('ws:', 'http:').replace(/\/ws$/, '/broadcast'));
}

const ADAPTERS: readonly AdapterCase[] = [
  {
    name: 'reference',
    ...(!isReferenceBuilt && { skip: 'the reference hub is not built' }),
    lacks: [],
    start: () => startReferenceTarget(),
  },
  {
    name: 'stdio with a broadcastUrl',
    lacks: ['batch', 'stats'],
    start: () => startStdioTarget({ command: spawnCommand(nodeHub) }),
  },
  {
    name: 'stdio with JSON lines',
    lacks: [],
    start: () => startStdioTarget({ command: spawnCommand(lineHub) }),
  },
  {
    name: 'stdio behind a shell',
    lacks: [],
    start: () => startStdioTarget({ command: `echo starting; ${spawnCommand(lineHub)} && true` }),
  },
  {
    name: 'http',
    lacks: ['batch', 'stats', 'restart'],
    start: () =>
      startForeign((hub, broadcastUrl) =>
        startHttpTarget({ url: hub.url, broadcastUrl, hubPid: process.pid }),
      ),
  },
  {
    name: 'module',
    lacks: ['stats', 'resources', 'restart'],
    start: () => startForeign((hub) => startModuleTarget(moduleFile, hub.url)),
  },
  {
    name: 'observe',
    lacks: ['broadcast', 'batch', 'stats', 'resources', 'restart'],
    start: () =>
      startForeign(async (hub) => ({ ok: true, target: createObserveTarget(hub.url, 'nobody said how') })),
  },
];

async function started(adapter: Pick<AdapterCase, 'start'>): Promise<Target> {
  const start = await adapter.start();
  if (!start.ok) throw new Error(start.problem);
  opened.push(start.target);
  return start.target;
}

interface Listener {
  readonly texts: string[];
  /** Resolves with the first `count` messages. */
  received(count: number): Promise<string[]>;
  readonly closed: Promise<number>;
}

async function listen(target: Target): Promise<Listener> {
  const socket = new WebSocket(target.url);
  opened.push({ close: () => socket.terminate() });
  const texts: string[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data) => texts.push(data.toString()));
  socket.on('error', () => {});
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    texts,
    closed,
    async received(count) {
      while (texts.length < count) await new Promise((resolve) => socket.once('message', resolve));
      return texts.slice(0, count);
    },
  };
}

const envelope = (id: number, text = '') =>
  `{"type":"app.restarted","appId":"a${id}","payload":{"sagaId":"s","text":"${text}"}}`;
const appIds = (texts: readonly string[]) => texts.map((text) => JSON.parse(text).appId as string);
const idsUpTo = (count: number) => Array.from({ length: count }, (_, id) => `a${id}`);

for (const adapter of ADAPTERS) {
  const lacks = (ability: (typeof adapter.lacks)[number]) => adapter.lacks.includes(ability);

  describe.skipIf(adapter.skip !== undefined)(`the ${adapter.name} adapter`, () => {
    it('has the abilities it should, with a reason for each it lacks', async () => {
      const target = await started(adapter);
      if (!lacks('batch')) await target.broadcast([envelope(0), envelope(1), envelope(2)]);
      const { missing, ...abilities } = target.abilities;
      const lacking = Object.entries(abilities).flatMap(([name, has]) => (has ? [] : [name]));
      expect(lacking.sort()).toEqual([...adapter.lacks].sort());
      expect(Object.keys(missing).sort()).toEqual([...adapter.lacks].sort());
    });

    it.skipIf(lacks('broadcast'))('broadcasts in order, one call after the other', async () => {
      const target = await started(adapter);
      const listener = await listen(target);
      expect(await target.broadcast([envelope(0)])).toEqual({ ok: true, accepted: 1 });
      expect(await target.broadcast([1, 2, 3].map((id) => envelope(id)))).toEqual({ ok: true, accepted: 3 });
      expect(await target.broadcast([4, 5].map((id) => envelope(id)))).toEqual({ ok: true, accepted: 2 });
      expect(appIds(await listener.received(6))).toEqual(idsUpTo(6));
    });

    it.skipIf(lacks('broadcast'))('sends text as it is, escapes and line ends included', async () => {
      const target = await started(adapter);
      const listener = await listen(target);
      const text = envelope(0, 'caf\\u00e9 é \\n $& {{envelope}} \\"').replace(',', ',\n  ');
      expect(await target.broadcast([text])).toEqual({ ok: true, accepted: 1 });
      const [delivered] = await listener.received(1);
      expect(JSON.parse(delivered ?? '')).toEqual(JSON.parse(text));
    });

    it.skipIf(lacks('broadcast'))('carries events of a megabyte', async () => {
      const target = await started(adapter);
      const listener = await listen(target);
      const text = envelope(0, 'x'.repeat(1_048_576));
      expect(await target.broadcast([text])).toEqual({ ok: true, accepted: 1 });
      expect((await listener.received(1))[0]).toHaveLength(text.length);
    });

    it.skipIf(lacks('broadcast'))('lets producers run side by side, each in its own order', async () => {
      const target = await started(adapter);
      const listener = await listen(target);
      const producers = Array.from({ length: 4 }, (_, producer) =>
        target.broadcast([0, 1, 2, 3].map((step) => envelope(producer * 4 + step))),
      );
      expect(await Promise.all(producers)).toEqual(producers.map(() => ({ ok: true, accepted: 4 })));
      const ids = appIds(await listener.received(16)).map((id) => Number(id.slice(1)));
      for (let producer = 0; producer < 4; producer += 1) {
        const own = ids.filter((id) => Math.floor(id / 4) === producer);
        expect(own).toEqual([0, 1, 2, 3].map((step) => producer * 4 + step));
      }
    });

    it.runIf(lacks('broadcast'))('answers unsupported with the reason', async () => {
      const target = await started(adapter);
      const outcome = await target.broadcast([envelope(0)]);
      expect(outcome).toEqual({
        ok: false,
        kind: 'unsupported',
        problem: target.abilities.missing.broadcast,
      });
    });

    it.skipIf(lacks('stats'))('reports how many clients the hub has', async () => {
      const target = await started(adapter);
      await listen(target);
      await listen(target);
      await expect.poll(async () => (await target.stats())?.clients).toBe(2);
    });

    it.skipIf(lacks('resources') || process.platform !== 'linux')('reads the memory of the hub', async () => {
      const resources = await (await started(adapter)).resources();
      expect(resources?.rssBytes).toBeGreaterThan(10_000_000);
      expect(resources?.descriptors).toBeGreaterThan(5);
      expect(resources?.cpuSeconds).toBeGreaterThan(0);
    });

    it.skipIf(lacks('restart'))('stops in order, starts again, and is killed', async () => {
      const target = await started(adapter);
      const first = await listen(target);
      expect(await target.stop(10_000)).toMatchObject({ ok: true, exitCode: 0 });
      expect(await first.closed).toBe(1001);
      expect(await target.broadcast([envelope(0)])).toMatchObject({ ok: false, kind: 'unreachable' });
      expect(await target.restart()).toEqual({ ok: true, target });
      const second = await listen(target);
      expect(await target.broadcast([envelope(0)])).toEqual({ ok: true, accepted: 1 });
      expect(appIds(await second.received(1))).toEqual(['a0']);
      await target.kill();
      expect(await second.closed).toBe(1006);
      expect(await target.resources()).toBeUndefined();
    });

    it.skipIf(lacks('restart'))('is ended when it is closed while it starts again', async () => {
      const target = await started(adapter);
      const restarting = target.restart();
      await target.close();
      await restarting;
      expect(await target.broadcast([envelope(0)])).toMatchObject({ ok: false, kind: 'unreachable' });
    });

    it.skipIf(lacks('restart'))('does not start again once it is closed', async () => {
      const target = await started(adapter);
      await target.close();
      expect(await target.restart()).toMatchObject({ ok: false });
      expect(await target.broadcast([envelope(0)])).toMatchObject({ ok: false, kind: 'unreachable' });
    });

    it.runIf(lacks('restart'))('does not stop a hub that is not its own', async () => {
      const target = await started(adapter);
      expect(await target.stop(1_000)).toMatchObject({ ok: false });
      expect(await target.restart()).toMatchObject({ ok: false });
      await listen(target);
    });

    it('closes twice without harm', async () => {
      const target = await started(adapter);
      await target.close();
      await target.close();
    });
  });
}

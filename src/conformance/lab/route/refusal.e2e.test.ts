// What a check says of a broadcast that fails, on real hubs: the route is slow, a client that does not read blocks it or ends
// it, a mutex is held while writing, the process is stopped, and routes that refuse.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../../target/http/http-target.ts';
import { programFile } from '../../../target/spawn/program-file.ts';
import type { HookableHub } from '../../../testing/hub/hookable-hub.ts';
import { outstandingMessages } from '../../../testing/hub/hub-client.ts';
import type { HubChange, HubHooks } from '../../../testing/hub/hub-hooks.ts';
import { startHub } from '../../../testing/hub/start-hub.ts';
import { systemClock } from '../../../time/clock.ts';
import { CheckEnded, type Finding } from '../../finding.ts';
import { DEFAULT_SETTINGS } from '../../run/settings.ts';
import { createRouteTimes } from '../../run/waits/route-times.ts';
import { createWaitAllowance } from '../../run/waits/wait-allowance.ts';
import type { Lab } from '../lab.ts';
import { openLab } from '../open-lab.ts';
import { createSharedWindow } from '../window/shared-window.ts';
import { createEventLimit } from './event-limit.ts';

const WAIT_MILLIS = 2_500;
const SLOW_MILLIS = 1_500;
const LARGE_BYTES = 512 * 1024;

interface Addresses {
  readonly url: string;
  readonly broadcastUrl: string;
}

/** The finding with which these steps end on this hub. */
async function findOn(
  { url, broadcastUrl }: Addresses,
  steps: (lab: Lab) => Promise<void>,
): Promise<Finding> {
  const start = await startHttpTarget({ url, broadcastUrl });
  if (!start.ok) throw new Error(start.problem);
  const eventWindow = createSharedWindow({ limit: 32, runPrefix: 'refusal', clock: systemClock });
  const owned = openLab({
    ...{ checkId: 'delivery.test', seriesName: 'refusal', target: start.target, settings: DEFAULT_SETTINGS },
    ...{ allowance: createWaitAllowance(WAIT_MILLIS), route: createRouteTimes(), limit: createEventLimit() },
    ...{ clock: systemClock, eventWindow, isAlone: true, signal: new AbortController().signal },
  });
  try {
    await steps(owned.lab);
    throw new Error('the steps did not end the check');
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    return ended.finding;
  } finally {
    await owned.close();
    await start.target.close();
  }
}

async function findOnChanged(change: HubChange<HookableHub>, steps: (lab: Lab) => Promise<void>) {
  const hub = await startHub(change);
  try {
    return await findOn(hub, steps);
  } finally {
    await hub.close();
  }
}

/** A is a witness, B stops reading; then large events are broadcast until one is not answered. */
async function stallAndBroadcast(lab: Lab): Promise<void> {
  const witness = await lab.witness();
  const stalled = await lab.witness({ window: 'small' });
  await lab.fence([witness, stalled]);
  stalled.stopReading();
  for (let sent = 0; sent < 200; sent++) await lab.burst([{ paddingBytes: LARGE_BYTES }]);
}

const pause = (hub: HookableHub, millis: number) =>
  new Promise<void>((resume) => hub.options.clock.after(millis, resume));
const isBehind = (hub: HookableHub): boolean =>
  [...hub.clients].some((client) => outstandingMessages(client) > 1);

const HUBS: Readonly<Record<string, HubChange<HookableHub>>> = {
  'blocks while a client is behind': (hub, correct) => ({
    async publish(texts) {
      const answer = await correct.publish(texts);
      while (isBehind(hub)) await pause(hub, 5);
      return answer;
    },
  }),
  // A lock around the map of clients is held for the whole fan-out, writes included; newcomers need it, too.
  'writes under a mutex': mutexChange,
  'never answers again once a client was behind': (hub, correct) => {
    let isStuck = false;
    return {
      async publish(texts) {
        const answer = await correct.publish(texts);
        await hub.flushed();
        isStuck ||= isBehind(hub);
        return isStuck ? new Promise(() => {}) : answer;
      },
    };
  },
};

function mutexChange(hub: HookableHub, correct: HubHooks): Partial<HubHooks> {
  let lock = Promise.resolve();
  const underLock = <T>(work: () => Promise<T>): Promise<T> => {
    const result = lock.then(work);
    lock = result.then(() => {});
    return result;
  };
  const write = (socket: Duplex, frame: Buffer) =>
    new Promise<void>((resume) => {
      socket.once('close', resume);
      socket.write(frame, () => {
        socket.off('close', resume);
        resume();
      });
    });
  return {
    publish: (texts) =>
      underLock(async () => {
        for (const text of texts)
          for (const client of [...hub.clients])
            if (client.phase === 'open') await write(client.socket, correct.encode(text));
        return { status: 202, body: { accepted: texts.length } };
      }),
    admit(client, writeResponse) {
      writeResponse();
      void underLock(async () => {
        hub.clients.add(client);
      });
    },
  };
}

describe.concurrent('a broadcast that is not answered', () => {
  const BLOCKED =
    /client B \(for \d+ ms\) had stopped reading, and once disconnected, the route answered again/;
  it.each([
    ['blocks while a client is behind', BLOCKED],
    ['writes under a mutex', BLOCKED],
    [
      'never answers again once a client was behind',
      /client B \(for \d+ ms\) had stopped reading; since then the route answers no more, although the client is gone/,
    ],
  ])('is blamed on client B where the hub %s', { timeout: 30_000 }, async (name, text) => {
    const finding = await findOnChanged(HUBS[name] as HubChange<HookableHub>, stallAndBroadcast);
    expect(finding).toMatchObject({ verdict: 'fail', got: expect.stringMatching(text) });
  });

  it.each([
    [
      'always takes long',
      SLOW_MILLIS,
      6 * SLOW_MILLIS,
      /but without it an event takes \d+ ms, too: the route is slow \(the 1 /,
    ],
    [
      'never answers',
      60_000,
      200,
      /the route does not answer without it either: the route is slow \(no broadcast/,
    ],
  ])(
    'is the fault of a route that %s',
    { timeout: 30_000 },
    async (_what, slowMillis, firstWaitMillis, text) => {
      const change: HubChange<HookableHub> = (hub, correct) => ({
        async publish(texts) {
          await pause(hub, slowMillis);
          return correct.publish(texts);
        },
      });
      const finding = await findOnChanged(change, async (lab) => {
        const client = await lab.connect();
        await lab.tryBroadcast([lab.series.next().text], firstWaitMillis);
        client.stopReading();
        const outcome = await lab.tryBroadcast([lab.series.next().text], SLOW_MILLIS / 3);
        if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'an answer' }));
      });
      expect(finding).toMatchObject({ verdict: 'fail', got: expect.stringMatching(text) });
      expect(finding.muteness).toBeUndefined();
    },
  );

  it('shows a route that answers nothing where every client reads, and no broadcast was answered', async () => {
    const answersNothing: HubChange<HookableHub> = (_hub) => ({ publish: () => new Promise(() => {}) });
    const broadcast = async (lab: Lab): Promise<void> => {
      await lab.connect();
      const outcome = await lab.tryBroadcast([lab.series.next().text], SLOW_MILLIS / 3);
      if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'an answer' }));
    };
    expect((await findOnChanged(answersNothing, broadcast)).muteness).toBe('answers-nothing');
    let isStuck = false;
    const getsStuck: HubChange<HookableHub> = (_hub, correct) => ({
      publish: (texts) => (isStuck ? new Promise(() => {}) : correct.publish(texts)),
    });
    const broadcastTwice = async (lab: Lab): Promise<void> => {
      expect(await lab.tryBroadcast([lab.series.next().text], WAIT_MILLIS)).toMatchObject({ ok: true });
      isStuck = true;
      await broadcast(lab);
    };
    expect((await findOnChanged(getsStuck, broadcastTwice)).muteness).toBeUndefined();
  });

  it("is nobody's fault but the hub's where its process is stopped", { timeout: 30_000 }, async () => {
    const program = programFile(new URL('../../../testing/programs/run-defect.ts', import.meta.url));
    const child = spawn(process.execPath, [program, 'correct'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [line] = await once(child.stdout, 'data');
    try {
      const finding = await findOn(JSON.parse(String(line)), async (lab) => {
        const witness = await lab.witness();
        (await lab.witness({ window: 'small' })).stopReading();
        child.kill('SIGSTOP');
        await lab.fence([witness]);
      });
      expect(finding.got).toMatch(/client B .* had stopped reading; the hub does not answer the handshake/);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe.concurrent('an event that is refused', () => {
  const refuses =
    (status: number, isRefused: (text: string) => boolean): HubChange<HookableHub> =>
    (_hub, correct) => ({
      publish: (texts) =>
        texts.some(isRefused) ? Promise.resolve({ status, body: { error: 'no' } }) : correct.publish(texts),
    });
  const fence = async (lab: Lab): Promise<void> => {
    await lab.fence([await lab.witness()]);
  };
  const isEvent = (text: string): boolean => text.includes('"refusal.');

  it.each([
    ['an ordinary event', 400, isEvent, 'fail'],
    ['an ordinary event with an error of the hub', 500, isEvent, 'fail'],
    ['events for their rate', 429, isEvent, 'error'],
    ['every event', 400, () => true, 'error'],
  ] as const)('gets the verdict of what it means: %s, %i', async (_what, status, isRefused, verdict) => {
    expect((await findOnChanged(refuses(status, isRefused), fence)).verdict).toBe(verdict);
  });
});

// Every option of createHub, judgeHub and loadHub: a bad value is refused by the option's name before anything starts.
import { describe, expect, it } from 'vitest';
import { SETTINGS_RULES } from '../conformance/run/settings.ts';
import { HUB_RULES } from '../hub/hub-options.ts';
import { createHub, judgeHub, KitError, loadHub } from '../index.ts';
import type { OptionRule } from '../kit/option-rules.ts';
import { createPlan } from '../load/plan/create-plan.ts';
import { PLAN_RULES } from '../load/plan/plan-rules.ts';
import { TARGET_RULES } from '../target/target-flags.ts';

async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return error instanceof KitError ? `${error.code} ${error.message}` : String(error);
  }
  return 'accepted';
}

/** A value of none of the types that options have. */
const WRONG = Symbol('wrong');

async function expectEachRefused(
  rules: Readonly<Record<string, OptionRule>>,
  call: (options: never) => unknown,
): Promise<void> {
  for (const [option, { expected }] of Object.entries(rules)) {
    const message = await refusal(() => call({ [option]: WRONG } as never));
    expect(message).toBe(`BAD_OPTION ${option}: expected ${expected}, got Symbol(wrong)`);
  }
}

describe('createHub', () => {
  it('refuses a value of the wrong type for each option', () => expectEachRefused(HUB_RULES, createHub));

  it.each([
    [{ clientBufferMessages: 0 }, 'clientBufferMessages: expected a whole number from 1 to 1000000, got 0'],
    [{ clientBufferMessages: 1.5 }, /^clientBufferMessages: expected a whole number/],
    [{ broadcastBufferEvents: 0 }, /^broadcastBufferEvents: /],
    [{ evictionGraceMillis: -1 }, 'evictionGraceMillis: expected a number from 0 to 86400000, got -1'],
    [{ pingIntervalMillis: Number.NaN }, /^pingIntervalMillis: .*got NaN$/],
    [{ allowedOrigins: 'https://dash.example.com' }, /^allowedOrigins: expected a list/],
    [{ broadcastToken: '' }, /^broadcastToken: /],
    [{ clientBuffer: 8 }, /^clientBuffer: no such option/],
  ])('refuses %o', async (options, message) => {
    expect((await refusal(() => createHub(options as never))).replace('BAD_OPTION ', '')).toMatch(message);
  });

  it('accepts the limits', async () => {
    const hub = createHub({
      clientBufferMessages: 1,
      broadcastBufferEvents: 1,
      evictionGraceMillis: 0,
      pingIntervalMillis: 0,
      allowedOrigins: [],
    });
    await hub.stop();
  });
});

describe('judgeHub', () => {
  it('refuses a value of the wrong type for each option', async () => {
    await expectEachRefused({ ...TARGET_RULES, ...SETTINGS_RULES }, judgeHub);
  });

  it.each([
    [{ level: 'nope' }, 'level: expected one of must, should, all, got "nope"'],
    [{ strict: 'yes' }, 'strict: expected true or false, got "yes"'],
    [{ knownFailing: [{ id: 'delivery.no-history' }] }, /^knownFailing: expected a list of \{ id, reason \}/],
    [{ seed: -1 }, 'seed: expected a whole number from 0 to 2147483647, got -1'],
    [{ pingIntervalMillis: 99 }, /^pingIntervalMillis: /],
    [{ onResult: true }, 'onResult: expected a function, got true'],
    [{ signal: new AbortController() }, /^signal: expected an AbortSignal/],
    [{ only: 'handshake' }, /^only: expected a list/],
    [{ levle: 'must' }, 'levle: no such option; did you mean level?'],
    [{ spawn: 'x', adapter: 'y' }, 'adapter and spawn exclude each other: the adapter file drives the hub'],
    [{ pid: 1 }, /^pid needs the URL/],
    [{ url: 'http://127.0.0.1/' }, /^url 'http:\/\/127\.0\.0\.1\/' is not a ws:\/\/ or wss:\/\/ URL/],
  ])('refuses %o', async (options, message) => {
    expect((await refusal(() => judgeHub(options as never))).replace('BAD_OPTION ', '')).toMatch(message);
  });
});

describe('loadHub', () => {
  it('refuses a value of the wrong type for each option', async () => {
    await expectEachRefused({ ...TARGET_RULES, ...PLAN_RULES }, loadHub);
  });

  it.each([
    [{ replicas: ['ws://127.0.0.1:9/ws'] }, 'replicas: needs url, the first of the hubs'],
    [{ spawnReplicas: ['./hub'] }, 'spawnReplicas: needs spawn, the first of the hubs'],
    [{ url: 'ws://127.0.0.1:9/ws', replicas: ['ws://192.0.2.1/ws'] }, /pass allowRemoteTarget: true/],
    [{ thresholds: ['lost{target=1}==0'] }, /needs several hubs/],
    [{ rampPerSecond: 0 }, /^rampPerSecond: expected a number above 0, at most \d+, got 0$/],
    [{ speed: 0 }, /^speed: expected a number above 0, at most \d+, got 0$/],
    [{ speed: '6x' }, /^speed: expected a number above 0, at most \d+, got "6x"$/],
    [{ speed: 2, ratePerSecond: 5 }, /^speed: leave it out with a rate/],
    [{ scenarios: [] }, 'scenarios: expected a list of at least one text, none of them empty, got []'],
    [{ seed: -1 }, 'seed: expected a whole number from 0 to 2147483647, got -1'],
    [{ client: 5 }, 'client: no such option; did you mean clients?'],
    [{ clients: 0 }, 'clients: expected a whole number from 1 to 1000000, got 0'],
    [{ ratePerSecond: 0 }, /^ratePerSecond: /],
    [{ durationMillis: 0 }, /^durationMillis: /],
    [{ warmupMillis: -1 }, /^warmupMillis: /],
    [{ workers: 'all' }, 'workers: expected \'auto\' or a whole number from 1 to 256, got "all"'],
    [
      { localAddresses: ['eth0'] },
      /^localAddresses: expected an address of this machine, a range or a network/,
    ],
    [{ localAddresses: ['192.0.2.7'] }, /^localAddresses: 192\.0\.2\.7 is no address of this machine/],
    [{ httpLoadConnections: 10_001 }, /^httpLoadConnections: /],
    [{ clientBufferMessages: 0 }, /^clientBufferMessages: expected a whole number from 1/],
    [{ onProgress: 1 }, 'onProgress: expected a function, got 1'],
    [
      { agents: 3 },
      /^agents: expected an object with nats and count, and perhaps pool, publishFrom, creds, ca, cert, key/,
    ],
    [{ agents: { nats: 'nats://h' } }, /^agents: expected an object with nats and count/],
    [{ agents: { nats: 'nats://h', count: 1, pol: 'x' } }, /^agents: expected an object/],
    [
      { agents: { nats: 'nats://h', count: 0 } },
      'agents.count: expected a whole number from 1 to 1000, got 0',
    ],
    [{ agents: { nats: 'http://h', count: 1 } }, /^agents\.nats: expected nats:/],
    [{ agents: { nats: 'nats://h', count: 1, cert: 'x.pem' } }, /^agents\.cert: a certificate and its key/],
    [{ lostAgent: 'continue' }, 'lostAgent: has no effect without agents'],
    [
      { agents: { nats: 'nats://h', count: 1 }, abortOnBreachMillis: 1 },
      'abortOnBreachMillis: cannot be used with agents; leave it out',
    ],
    [{ url: 'ws://192.0.2.1/ws' }, /pass allowRemoteTarget: true if that host is yours/],
  ])('refuses %o', async (options, message) => {
    expect((await refusal(() => loadHub(options as never))).replace('BAD_OPTION ', '')).toMatch(message);
  });
});

describe('loadHub with agents', () => {
  it('rejects with the reason where they cannot be had', async () => {
    const agents = { nats: 'nats://user:pass-WORD-4242@127.0.0.1:1', count: 1 };
    expect(await refusal(() => loadHub({ agents }))).toBe(
      'AGENTS_FAILED agents: no NATS server listens at 127.0.0.1:1; start one (nats-server), or correct the URL',
    );
  });
});

describe('createPlan', () => {
  it('accepts the limits of each option', () => {
    const least = {
      clients: 1,
      speed: 0.001,
      durationMillis: 1,
      warmupMillis: 0,
      seed: 0,
    };
    expect(
      createPlan({
        ...least,
        rampPerSecond: 0.1,
        workers: 1,
        httpLoadConnections: 0,
        clientBufferMessages: 1,
      }),
    ).toMatchObject({
      ok: true,
    });
    expect(createPlan({ ratePerSecond: 0.001 })).toMatchObject({ ok: true });
    expect(createPlan({ clients: 1_000_000, workers: 256, seed: 2 ** 31 - 1 })).toMatchObject({ ok: true });
  });

  it('names the option that is wrong, not a flag', () => {
    expect(createPlan({ rampPerSecond: 0 })).toMatchObject({ ok: false, field: 'rampPerSecond' });
  });
});

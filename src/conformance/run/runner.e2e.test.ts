// The runner over real sockets: checks side by side, checks alone, a hub that dies and one that never delivers.
import { afterEach, describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../target/http/http-target.ts';
import { type RunningHub, startHub } from '../../testing/hub/start-hub.ts';
import { startDefectiveHub } from '../../testing/registry.ts';
import type { Check } from '../check.ts';
import { fail, pass } from '../finding.ts';
import { runChecks } from './runner.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const settings = { ...DEFAULT_SETTINGS, waitMillis: 3_000 };
const opened: (() => Promise<void>)[] = [];

async function startTarget(
  id: string,
): Promise<{ hub: RunningHub; target: Awaited<ReturnType<typeof openTarget>> }> {
  const hub = await startDefectiveHub(id);
  opened.push(() => hub.close());
  return { hub, target: await openTarget(hub) };
}

async function openTarget({ url, broadcastUrl }: RunningHub) {
  const start = await startHttpTarget({ url, broadcastUrl });
  if (!start.ok) throw new Error(start.problem);
  opened.push(() => start.target.close());
  return start.target;
}

/** A route that writes to a connection which was reset answers 500, then and always. */
async function startPoisonedHub(): Promise<RunningHub> {
  const hub = await startHub((_hub, correct) => {
    let isPoisoned = false;
    return {
      onGone(client, error) {
        isPoisoned ||= error !== undefined;
        correct.onGone(client, error);
      },
      publish: (texts) =>
        isPoisoned
          ? Promise.resolve({ status: 500, body: { error: 'broken pipe' } })
          : correct.publish(texts),
    };
  });
  opened.push(() => hub.close());
  return hub;
}

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function fakeCheck(change: Partial<Check>): Check {
  return {
    id: 'delivery.fake',
    chapter: 'delivery',
    title: 'a check of the test',
    level: 'must',
    clause: { source: 'protocol: Connection', quote: 'none' },
    needs: [],
    deadlineMillis: 10_000,
    explain: 'of the test',
    isolation: 'alone',
    run: async () => pass(),
    ...change,
  };
}

describe('runChecks', () => {
  it('blames the check under which the hub died, and judges nothing after it', async () => {
    const { hub, target } = await startTarget('correct');
    const killer = fakeCheck({
      id: 'delivery.killer',
      async run() {
        await hub.close();
        return pass();
      },
    });
    const { results } = await runChecks({ checks: [killer, fakeCheck({})], target, settings });
    expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['delivery.killer', 'fail'],
      ['delivery.fake', 'skip'],
    ]);
    expect(results[1]).toMatchObject({
      blockedBy: 'delivery.killer',
      reason: expect.stringContaining('the hub is not alive'),
    });
  });

  it('blames the check after which the route fails for good, and blocks those that broadcast', async () => {
    const target = await openTarget(await startPoisonedHub());
    const poisons = fakeCheck({
      id: 'delivery.poisons',
      async run(lab) {
        const witness = await lab.witness();
        const leaver = await lab.witness();
        leaver.reset();
        await lab.fence([witness]);
        return pass();
      },
    });
    const broadcasts = fakeCheck({ id: 'delivery.broadcasts', needs: ['broadcast'] });
    const checks = [poisons, broadcasts, fakeCheck({ id: 'delivery.listens' })];
    const { results } = await runChecks({ checks, target, settings });
    const { got, evidence = [] } = results[0] ?? {};
    expect([got, ...evidence].join()).toMatch(/the broadcast route fails for good: .* answered 500/);
    expect(results).toMatchObject([
      { verdict: 'fail' },
      { verdict: 'skip', blockedBy: 'delivery.poisons' },
      { verdict: 'pass' },
    ]);
  });

  it.each([
    { tookMillis: 100, attempts: 3, verdict: 'error' },
    { tookMillis: 60_000, attempts: 1, verdict: 'fail' },
  ])(
    'while it is starved itself: $verdict for what is $tookMillis ms too late',
    async ({ tookMillis, attempts, verdict }) => {
      const { target } = await startTarget('correct');
      let runs = 0;
      const starving = fakeCheck({
        async run(lab) {
          runs += 1;
          // One turn of the event loop, so that the watch has begun to wait; then none for longer than is believed.
          await lab.witness();
          const endMillis = Date.now() + 600;
          while (Date.now() < endMillis);
          return fail({ expected: 'soon', got: 'late' }, { basis: { tookMillis, allowedMillis: 0 } });
        },
      });
      const { results } = await runChecks({ checks: [starving], target, settings });
      expect([results[0]?.verdict, runs]).toEqual([verdict, attempts]);
      expect(results[0]).not.toHaveProperty('basis');
    },
  );

  it('says what a check that never ends was waiting for', async () => {
    const { target } = await startTarget('correct');
    const endless = fakeCheck({
      deadlineMillis: 300,
      async run(lab) {
        await lab.until(() => false, 'the moon', 60_000);
        return pass();
      },
    });
    const { results } = await runChecks({ checks: [endless], target, settings });
    expect(results[0]).toMatchObject({ verdict: 'error', reason: expect.stringContaining('the moon') });
  });

  it('turns a bug of a check into an error, not into a verdict on the hub', async () => {
    const { target } = await startTarget('correct');
    const broken = fakeCheck({ run: () => Promise.reject(new TypeError('x is not a function')) });
    const { results } = await runChecks({ checks: [broken], target, settings });
    expect(results[0]).toMatchObject({ verdict: 'error', reason: expect.stringContaining('x is not') });
  });

  it('passes no delivery to a mute hub, and blames no check for it', async () => {
    const { target } = await startTarget('mute-hub');
    const joins = fakeCheck({
      id: 'delivery.joins',
      needs: ['broadcast'],
      async run(lab) {
        await lab.witness();
        return pass();
      },
    });
    const { results } = await runChecks({ checks: [joins, fakeCheck({})], target, settings });
    expect(results.map(({ verdict }) => verdict)).not.toContain('error');
    expect(results[0]).toMatchObject({ verdict: 'fail', got: expect.stringContaining('received none') });
    expect(results[1]).toMatchObject({ verdict: 'pass' });
  });

  it('runs no further check that broadcasts, once three have shown that the hub delivers nothing', async () => {
    const { target } = await startTarget('mute-hub');
    const joins = (id: string, isolation: Check['isolation']): Check =>
      fakeCheck({
        id,
        isolation,
        needs: ['broadcast'],
        async run(lab) {
          await lab.witness();
          return pass();
        },
      });
    const checks = [
      ...['delivery.a', 'delivery.b', 'delivery.c', 'delivery.d'].map((id) => joins(id, 'shared')),
      joins('delivery.alone', 'alone'),
      fakeCheck({ id: 'delivery.listens' }),
    ];
    const { results } = await runChecks({ checks, target, settings });
    expect(results.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail', 'fail', 'skip', 'pass']);
    expect(results[4]).toMatchObject({ reason: expect.stringContaining('no client receives anything') });
  });

  it('ends soon when it is interrupted, and says that the rest was not judged', async () => {
    const { target } = await startTarget('correct');
    const stop = new AbortController();
    const waits = fakeCheck({
      id: 'delivery.waits',
      deadlineMillis: 60_000,
      async run(lab) {
        const client = await lab.connect();
        stop.abort();
        await client.ping('cut short');
        return fail({ expected: 'a Pong', got: 'nothing' });
      },
    });
    const outcome = await runChecks({
      checks: [waits, fakeCheck({})],
      target,
      settings,
      signal: stop.signal,
    });
    expect(outcome.isPartial).toBe(true);
    expect(outcome.results.map(({ verdict }) => verdict)).toEqual(['skip', 'skip']);
  });

  it('ends when its time is over, and says which checks there was no time for', async () => {
    const { target } = await startTarget('correct');
    const slow = fakeCheck({
      id: 'delivery.slow',
      async run(lab) {
        // Its waits end with the run, but it goes on as long as its client is connected.
        const client = await lab.connect();
        while (client.isOpen) await client.until(() => false, 'what a slow hub needs', 60_000);
        return fail({ expected: 'it in time', got: 'nothing' });
      },
    });
    const only = { target, settings: { ...settings, timeLimitMillis: 1_000 } };
    const checks = [slow, fakeCheck({})];
    const outcome = await runChecks({ ...only, checks });
    expect(outcome).toMatchObject({
      isPartial: false,
      results: [
        { verdict: 'skip', outOfTime: true, reason: expect.stringContaining('did not end within 1 s') },
        { verdict: 'skip', outOfTime: true, reason: expect.stringContaining('no time for it within 1 s') },
      ],
    });
  });

  it('keeps what a check has shown more than once when its time is over', async () => {
    const { target } = await startTarget('correct');
    const sure = fakeCheck({
      id: 'delivery.sure',
      confirmsFailures: true,
      async run(lab) {
        await lab.pause(60_000);
        return fail({ expected: 'each event', got: 'none, three times' });
      },
    });
    const checks = [sure, { ...sure, id: 'delivery.unsure', confirmsFailures: false }];
    for (const check of checks) {
      const timed = { ...settings, timeLimitMillis: 500 };
      const { results } = await runChecks({ checks: [check], target, settings: timed });
      expect(results.map(({ verdict }) => verdict)).toEqual([check === sure ? 'fail' : 'skip']);
    }
  });

  it('blames two checks after which the route fails for good, and blocks the others that broadcast', async () => {
    const { target } = await startTarget('correct');
    let isPoisoned = false;
    const restarting: typeof target = {
      ...target,
      url: target.url,
      abilities: { ...target.abilities, restart: true },
      broadcast: async (texts, options) =>
        isPoisoned
          ? { ok: false, kind: 'refused', problem: 'POST answered 500', status: 500 }
          : target.broadcast(texts, options),
      kill: async () => {},
      async restart() {
        isPoisoned = false;
        return { ok: true, target: restarting };
      },
    };
    const poisons = (id: string): Check =>
      fakeCheck({
        id,
        async run(lab) {
          (await lab.witness()).destroy();
          isPoisoned = true;
          return pass();
        },
      });
    const broadcasts = fakeCheck({ id: 'delivery.broadcasts', needs: ['broadcast'] });
    const checks = [
      poisons('delivery.first'),
      fakeCheck({ id: 'delivery.between', needs: ['broadcast'] }),
      poisons('delivery.second'),
      broadcasts,
      fakeCheck({ id: 'delivery.listens' }),
    ];
    const { results } = await runChecks({ checks, target: restarting, settings });
    expect(results.map(({ verdict, blockedBy }) => [verdict, blockedBy])).toEqual([
      ['fail', undefined],
      ['pass', undefined],
      ['fail', undefined],
      ['skip', 'delivery.first'],
      ['pass', undefined],
    ]);
  });

  it('repeats alone what failed beside other checks, and warns of what does not fail again', async () => {
    const { target } = await startTarget('correct');
    let [first, second] = [0, 0];
    const breach = fail({ expected: 'nobody else', got: 'somebody' });
    const disturbed = fakeCheck({
      id: 'delivery.disturbed',
      isolation: 'shared',
      run: async () => (first++ === 0 ? breach : pass()),
    });
    const broken = fakeCheck({
      id: 'delivery.broken',
      isolation: 'shared',
      async run() {
        second++;
        return breach;
      },
    });
    const { results } = await runChecks({ checks: [disturbed, broken], target, settings });
    expect(results.map(({ verdict }) => verdict)).toEqual(['warn', 'fail']);
    expect(results[0]).toMatchObject({
      got: 'somebody',
      evidence: [expect.stringContaining('passed alone')],
    });
    expect([first, second]).toEqual([2, 2]);
  });

  it('begins with what broadcasts nothing, where checks run side by side', async () => {
    const { target } = await startTarget('correct');
    const begun: string[] = [];
    const named = (id: string, change: Partial<Check> = {}): Check =>
      fakeCheck({
        id,
        isolation: 'shared',
        async run() {
          begun.push(id);
          return pass();
        },
        ...change,
      });
    const checks = [named('delivery.loud'), named('delivery.quiet', { turn: 'quiet' })];
    await runChecks({ checks, target, settings, parallelChecks: 1 });
    expect(begun).toEqual(['delivery.quiet', 'delivery.loud']);
  });

  it('lets a check that only listens go on during the first chapters, and runs it again alone if it fails', async () => {
    const { target } = await startTarget('correct');
    const log: string[] = [];
    let endOfDelivery = (): void => {};
    const delivered = new Promise<void>((resolve) => {
      endOfDelivery = resolve;
    });
    const listener = fakeCheck({
      id: 'lifecycle.listener',
      isolation: 'shared',
      turn: 'throughout',
      async run() {
        const isFirst = !log.includes('first');
        log.push(isFirst ? 'first' : 'again');
        await delivered;
        return isFirst ? fail({ expected: 'quiet', got: 'a burst' }) : pass();
      },
    });
    const named = (id: string, act: () => void = () => {}): Check =>
      fakeCheck({
        id,
        chapter: id.split('.')[0] as Check['chapter'],
        async run() {
          log.push(id);
          act();
          return pass();
        },
      });
    const checks = [listener, named('delivery.burst', endOfDelivery), named('lifecycle.counts')];
    const { results } = await runChecks({ checks, target, settings });
    expect(log).toEqual(['first', 'delivery.burst', 'again', 'lifecycle.counts']);
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  });
});

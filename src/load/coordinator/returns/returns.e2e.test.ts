// Clients that come back to real hubs: a correct one is blamed for nothing, and each bad one for exactly what it does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type LoadOptions, loadHub } from '../../../library/load-hub.ts';
import { programFile } from '../../../target/spawn/program-file.ts';
import { buildGo, removeBuilds } from '../../../testing/external/build-go.ts';
import { untilSeen } from '../../../testing/faults/until-seen.ts';
import { createLanes } from '../../../testing/lanes.ts';
import type { LoadtestResult } from '../../result/result.ts';

const example = fileURLToPath(new URL('../../../../examples/go-gorilla/hub.go', import.meta.url));
const isGoThere =
  spawnSync('go', ['version']).status === 0 &&
  existsSync('/usr/share/gocode/src/github.com/gorilla/websocket');
afterAll(removeBuilds);

const folder = mkdtempSync(join(tmpdir(), 'returns-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DEFECTS = programFile(new URL('../../../testing/programs/run-defect.ts', import.meta.url));
const bad = (id: string) => `${process.execPath} ${DEFECTS} ${id} --state ${join(folder, id)}`;

const CLIENTS = 20;
const inLane = createLanes(3);
/** Again where a busy machine left no time to see what the fault did. */
const run = (options: LoadOptions) => inLane(() => untilSeen(() => judge(options)));
const judge = (options: LoadOptions) =>
  loadHub({
    clients: CLIENTS,
    workers: 1,
    ratePerSecond: 50,
    warmupMillis: 300,
    durationMillis: 2_500,
    faults: ['restart at=300ms'],
    reconnect: ['backoff(min=50ms,max=500ms)'],
    thresholds: ['recovered.rate==100%', 'lost==0', 'evicted==0'],
    ...options,
  });

/** What the hub is blamed for; on a busy machine it may also be called slow. */
const blamesOf = ({ findings }: LoadtestResult) =>
  findings.filter(({ severity }) => severity === 'error').map(({ name, followsFrom }) => followsFrom ?? name);

describe.concurrent('clients whose hub is restarted', () => {
  it('come back late where the hub refuses them, which a threshold limits', async () => {
    const thresholds = ['recovered.rate==100%', 'recovery.p99<4s', 'refused<1'];
    const result = await run({
      spawn: bad('refuses-long-after-restart'),
      thresholds,
      // The second start takes its time, and then the hub refuses for 20 s.
      durationMillis: 24_000,
    });
    expect(blamesOf(result)).toEqual([]);
    expect(result.thresholds.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(result.faults?.[0]?.refusedMillis).toBeGreaterThanOrEqual(18_000);
  }, 120_000);

  it('are all back, and every event has its place', async () => {
    const result = await run({ workers: 2 });
    expect(blamesOf(result)).toEqual([]);
    expect(result).toMatchObject({
      cohorts: [{ connected: CLIENTS, returned: CLIENTS, open: CLIENTS, evicted: 0, lost: 0 }],
      ledger: { balanced: true, lost: 0, evictedTail: 0, leftTail: 0 },
      faults: [
        { kind: 'restart', dropped: CLIENTS, returned: CLIENTS, mustReturn: CLIENTS, recovered: CLIENTS },
      ],
    });
    const { ledger, faults = [], timeline } = result;
    const { missed, lateJoin, attempts, firstEventMillis } = faults[0] ?? {};
    expect([ledger.missedAway ?? 0, ledger.lateJoin ?? 0]).toEqual([missed?.total, lateJoin?.total]);
    expect(attempts?.total).toBe(CLIENTS + (attempts?.failed ?? 0));
    expect(timeline.reduce((sum, second) => sum + (second.attempts ?? 0), 0)).toBe(attempts?.total);
    expect(firstEventMillis?.max).toBeGreaterThan(0);
    expect(result.thresholds.map(({ ok }) => ok)).toEqual([true, true, true]);
  }, 120_000);

  it('are all back where they come immediately, and where only a share was reset', async () => {
    const result = await run({ faults: ['drop at=300ms share=25%'], reconnect: ['immediately'] });
    expect(blamesOf(result)).toEqual([]);
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
    const { dropped = 0, recovered } = result.faults?.[0] ?? {};
    expect(dropped).toBe(CLIENTS / 4);
    expect(recovered).toBe(dropped);
    expect(result.cohorts).toMatchObject([{ open: CLIENTS, left: 0, evicted: 0 }]);
  }, 120_000);

  it('come back before they leave, where a stage lets them go meanwhile', async () => {
    const result = await run({
      stages: ['500ms:40, 1s:10, 2s:10'],
      durationMillis: undefined,
      faults: ['restart at=500ms'],
      reconnect: ['immediately'],
    });
    expect(blamesOf(result)).toEqual([]);
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
    expect(result.cohorts).toMatchObject([{ clients: 40, connected: 40, open: 10, left: 30, evicted: 0 }]);
    const { dropped = 0, recovered } = result.faults?.[0] ?? {};
    expect(dropped).toBeGreaterThan(10);
    expect(recovered).toBe(dropped);
  }, 120_000);

  it.skipIf(!isGoThere)(
    'are all back on a hub in Go',
    async () => {
      const built = await buildGo(example);
      if (!built.ok) throw new Error(built.problem);
      const result = await run({ spawn: `'${built.value}' -port 0`, faults: ['kill at=300ms'] });
      expect(blamesOf(result)).toEqual([]);
      expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
      expect(result.thresholds.map(({ ok }) => ok)).toEqual([true, true, true]);
    },
    180_000,
  );

  it('are no reason to blame the hub for clients that wanted to connect meanwhile', async () => {
    // Slow clients connect after a third of the time, when the hub may be away.
    const cohorts = ['slow=4:trickle(100KiB/s)', 'stalled=2:stall(after=5)'];
    const result = await run({ cohorts, faults: ['kill at=800ms'], thresholds: ['lost{cohort=fast}==0'] });
    expect(blamesOf(result)).toEqual([]);
    expect(result.cohorts[1]).toMatchObject({ clients: 4, connected: 4 });
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
  }, 120_000);

  it('stay away where nothing says that they come back, and nobody is blamed', async () => {
    const result = await run({ reconnect: [] });
    expect(blamesOf(result)).toEqual([]);
    expect(result.findings).toContainEqual(
      expect.objectContaining({ name: 'not-returned', severity: 'warning' }),
    );
    expect(result.cohorts).toMatchObject([{ away: CLIENTS, open: 0, evicted: 0, lost: 0 }]);
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0, evictedTail: 0 });
    expect(result.thresholds[0]).toMatchObject({ observed: 0, ok: false });
  }, 120_000);

  it('are deaf where the hub lets them in and does not register them', async () => {
    const result = await run({ spawn: bad('deaf-after-restart') });
    expect(new Set(blamesOf(result))).toEqual(new Set(['deaf']));
    expect(result.cohorts).toMatchObject([{ deaf: CLIENTS, open: CLIENTS, returned: CLIENTS }]);
    expect(result.ledger.balanced).toBe(true);
    expect(result.thresholds[0]).toMatchObject({ observed: 0, ok: false });
  }, 120_000);

  it('get nothing of before, or the hub replays', async () => {
    const result = await run({ spawn: bad('replays-after-restart') });
    expect(blamesOf(result)).toEqual(['replayed']);
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
    expect(result.ledger.replayed).toBeGreaterThan(0);
    expect(result.thresholds[0]).toMatchObject({ ok: true });
  }, 120_000);
});

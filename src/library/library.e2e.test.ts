// The library as a test suite in JavaScript uses it: hubs in the same process are judged and loaded, what is wrong with
// them is in the result, and what else goes wrong has a code.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  compareRuns,
  findCapacity,
  judgeHub,
  KitError,
  loadHub,
  recordTrace,
  renderConformance,
  renderLoadtest,
  replayFixture,
} from '../index.ts';
import { untilDecided } from '../testing/defect-tests/until-decided.ts';
import { createStage } from '../testing/peers/running-hub.ts';

const stage = createStage();
afterEach(() => stage.clear());

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return thrown instanceof KitError ? `${thrown.code} ${thrown.message}` : String(thrown);
}

describe('judgeHub', () => {
  it('judges a hub that runs in the same process', async () => {
    const { url } = await stage.start();
    const seen: string[] = [];
    const { verdict, result } = await judgeHub({
      url,
      only: ['handshake.accept-key', 'delivery.no-history'],
      onResult: ({ id }) => seen.push(id),
    });
    expect(verdict).toBe('passed');
    expect(result.summary).toMatchObject({ pass: 2, fail: 0 });
    expect(seen.sort()).toEqual(['delivery.no-history', 'handshake.accept-key']);
    expect(renderConformance(result, 'junit')).toContain('handshake.accept-key');
  });

  it('returns no user part of a URL and no header value', async () => {
    const { url } = await stage.start();
    const { result } = await judgeHub({
      url: url.replace('://', '://maria:pass-WORD-4242@'),
      broadcastHeader: ['X-Key: a-long-token'],
      only: ['handshake.accept-key'],
    });
    expect(JSON.stringify(result)).not.toMatch(/pass-WORD|a-long-token/);
    expect(result.target.url).toContain('//***@');
  });

  it('starts the reference hub where none is named, and stops on abort', async () => {
    const stop = new AbortController();
    stop.abort();
    const { verdict, result } = await judgeHub({ only: ['handshake.*'], signal: stop.signal });
    expect(result).toMatchObject({ partial: true, target: { adapter: 'reference' } });
    expect(verdict).toBe('inconclusive');
  });

  it('rejects with a code what it cannot begin', async () => {
    expect(await codeOf(judgeHub({ only: ['handshake.acept-key'] }))).toBe(
      'BAD_OPTION no check is called "handshake.acept-key"; did you mean handshake.accept-key?',
    );
    expect(await codeOf(judgeHub({ url: 'ws://192.0.2.1/ws' }))).toMatch(/^BAD_OPTION 192\.0\.2\.1 is not/);
    expect(await codeOf(judgeHub({ url: 'ws://127.0.0.1:1/ws' }))).toMatch(/^TARGET_FAILED nothing listens/);
    expect(await codeOf(judgeHub({ knownFailing: [{ id: 'no-such', reason: 'x' }] }))).toMatch(/^BAD_OPTION/);
    expect(await codeOf(judgeHub({ origin: 'https://a.example' }))).toMatch(/^BAD_OPTION origin: /);
    expect(await codeOf(judgeHub({ clientHeader: ['X-A: {column}'] }))).toMatch(
      /^BAD_OPTION clientHeader X-A: \{column\}: no such placeholder: .* columns of clientData$/,
    );
  });
});

describe('loadHub', () => {
  it('loads a hub that runs in the same process', { timeout: 120_000 }, async () => {
    const { url } = await stage.start();
    const options = {
      url,
      clients: 5,
      cohorts: ['stalled=2:stall(after=3)'],
      ratePerSecond: 50,
      durationMillis: 1_000,
      warmupMillis: 100,
      thresholds: ['lost==0'],
    };
    const result = await untilDecided(
      () => loadHub(options),
      ({ verdict }) => verdict === 'inconclusive',
    );
    expect(result.verdict).toBe('passed');
    expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
    expect(renderLoadtest(result, 'markdown')).toContain('fast');
  });

  it('rejects with a code what it cannot begin', async () => {
    expect(await codeOf(loadHub({ cohorts: ['slow=3:stal'] }))).toMatch(/^BAD_OPTION cohorts: .*stall/s);
    expect(await codeOf(loadHub({ thresholds: ['lots==0'] }))).toMatch(/^BAD_OPTION thresholds: /);
    expect(await codeOf(loadHub({ spawn: 'no-such-program' }))).toMatch(/^TARGET_FAILED /);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'norn-library-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('findCapacity', () => {
  it('searches a hub up to the highest level asked for', { timeout: 60_000 }, async () => {
    const { url } = await stage.start();
    const levels: number[] = [];
    const result = await findCapacity({
      url,
      clients: 2,
      from: 10,
      to: 20,
      durationMillis: 1_000,
      warmupMillis: 100,
      thresholds: ['lost==0'],
      budgetMillis: 40_000,
      onStep: ({ level }) => levels.push(level),
    });
    expect(result).toMatchObject({ vary: 'rate', partial: false });
    expect(result.steps.map(({ level }) => level)).toEqual(levels);
    expect(levels[0]).toBe(10);
  });

  it('rejects with a code what it cannot begin', async () => {
    expect(await codeOf(findCapacity({ ratePerSecond: 5 }))).toBe(
      'BAD_OPTION ratePerSecond: the rate is what is searched; say where to begin with from',
    );
    expect(await codeOf(findCapacity({ from: 20, to: 10 }))).toBe('BAD_OPTION from: 20 is above to, 10');
    expect(await codeOf(findCapacity({ precisionShare: 0.02 }))).toMatch(
      /^BAD_OPTION precisionShare: expected/,
    );
    expect(await codeOf(findCapacity({ budgetMillis: 0 }))).toMatch(/^BAD_OPTION budgetMillis: expected/);
  });
});

describe('compareRuns', () => {
  it('compares a run with itself', async () => {
    const { url } = await stage.start();
    const run = await loadHub({
      url,
      clients: 2,
      ratePerSecond: 50,
      durationMillis: 1_000,
      warmupMillis: 100,
    });
    const result = compareRuns(run, run, { labelB: 'again', relevantShare: 0.1 });
    expect(result).toMatchObject({
      mode: 'runs',
      a: { label: 'A' },
      b: { label: 'again' },
      relevantShare: 0.1,
    });
    expect(result.metrics.filter(({ verdict }) => verdict === 'worse' || verdict === 'better')).toEqual([]);
    expect(() => compareRuns(run, run, { confidence: 1 })).toThrow('confidence: expected a number from 0.5');
    expect(() => renderLoadtest(run, 'tabel' as never)).toThrow('reporter: expected one of ');
  });
});

describe('replayFixture', () => {
  it('replays a shipped fixture by its name', async () => {
    const result = await replayFixture('history-for-newcomers');
    expect(result).toMatchObject({ fixture: 'history-for-newcomers', verdict: 'not-reproduced' });
  });

  it('rejects with a code what it cannot begin', async () => {
    expect(await codeOf(replayFixture('no-such-fixture'))).toMatch(/^BAD_OPTION fixture: no-such-fixture/);
    expect(await codeOf(replayFixture('stuck-writer', { url: 'ws://127.0.0.1:1/ws' }))).toMatch(
      /^TARGET_FAILED/,
    );
  });
});

describe('recordTrace', () => {
  it('records until its time is over, and never overwrites a file', async () => {
    const { url } = await stage.start();
    const output = join(folder, 'trace.ndjson');
    expect(await recordTrace(url, { output, durationMillis: 200 })).toMatchObject({ events: 0, others: 0 });
    expect(readFileSync(output, 'utf8')).toContain('"kind":"trace"');
    expect(await codeOf(recordTrace(url, { output }))).toBe(
      `BAD_OPTION output: ${output} exists; name another file`,
    );
  });

  it('rejects with a code what it cannot begin', async () => {
    const output = join(folder, 'none.ndjson');
    expect(await codeOf(recordTrace('ws://127.0.0.1:1/ws', { output }))).toMatch(/^TARGET_FAILED/);
    expect(await codeOf(recordTrace('ws://127.0.0.1:1/ws', {} as never))).toMatch(/^BAD_OPTION output: /);
    expect(await codeOf(recordTrace('http://x', { output }))).toMatch(/^BAD_OPTION url /);
    expect(await codeOf(recordTrace('ws://127.0.0.1:1/ws', { output, reads: 'stal' }))).toMatch(
      /^BAD_OPTION reads: /,
    );
    expect(existsSync(output)).toBe(false);
  });
});

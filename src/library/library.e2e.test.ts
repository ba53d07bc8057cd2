// The library as a test suite in JavaScript uses it: hubs in the same process are judged and loaded, what is wrong with
// them is in the result, and what else goes wrong has a code.
import { afterEach, describe, expect, it } from 'vitest';
import { judgeHub, KitError, loadHub, renderConformance, renderLoadtest } from '../index.ts';
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
  });
});

describe('loadHub', () => {
  it('loads a hub that runs in the same process', async () => {
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
      ({ generator }) => generator.limited,
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

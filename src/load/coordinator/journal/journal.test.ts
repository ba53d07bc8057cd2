// When a run hands in its result so far, in simulated time.
import { describe, expect, it } from 'vitest';
import { buildLoadtestResult } from '../../../testing/builders/loadtest-result-builder.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { InterimAccount } from '../../worker/worker-messages.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { createInterimAccounts } from './interim-accounts.ts';
import { type ResultSoFar, startJournal } from './journal.ts';
import { type GoingRun, measureSoFar } from './measure-so-far.ts';

const RESULT = buildLoadtestResult({ seed: 1 });

/** Each journal costs so much of a worker and of the coordinator. */
function setUp(cost: { readonly workerMicros?: number; readonly foldMicros?: number } = {}) {
  const clock = createSimulatedClock({ startMicros: 0 });
  const writtenAtSeconds: number[] = [];
  const soFar: ResultSoFar = { result: RESULT, workerMicros: 0, foldMicros: 0, ...cost };
  let answer: () => Promise<ResultSoFar | undefined> = async () => soFar;
  let finishWriting = async (): Promise<void> => {};
  const journal = startJournal({
    clock,
    cpuMicros: () => 0,
    measure: () => answer(),
    write(result) {
      expect(result).toBe(RESULT);
      writtenAtSeconds.push(clock.nowMicros() / 1e6);
      return finishWriting();
    },
  });
  return {
    journal,
    writtenAtSeconds,
    answerWith(next: typeof answer) {
      answer = next;
    },
    writeWith(next: typeof finishWriting) {
      finishWriting = next;
    },
    soFar,
    async pass(seconds: number) {
      for (let passed = 0; passed < seconds * 10; passed++) {
        clock.advance(100);
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      }
    },
  };
}

describe('the journal of a run', () => {
  it('is written every second at first, and every 5 s later', async () => {
    const { pass, writtenAtSeconds } = setUp();
    await pass(120);
    expect(writtenAtSeconds.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    const steps = writtenAtSeconds.map((at, index) => at - (writtenAtSeconds[index - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(5.1);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(5);
  });

  it.each([{ workerMicros: 200_000 }, { foldMicros: 66_666 }])(
    'takes at most 1 % of the time of a worker, and a third of that of the coordinator: %j',
    async (cost) => {
      const { pass, writtenAtSeconds } = setUp(cost);
      await pass(62);
      expect(writtenAtSeconds).toEqual([1, 2, 22, 42, 62]);
    },
  );

  it('is left out when a worker does not answer, and goes on', async () => {
    const { pass, writtenAtSeconds, answerWith, soFar } = setUp();
    answerWith(async () => undefined);
    await pass(3);
    expect(writtenAtSeconds).toEqual([]);
    answerWith(async () => soFar);
    await pass(1);
    expect(writtenAtSeconds).toEqual([4]);
  });

  it('is complete when it is closed, and nothing follows, not even what was under way', async () => {
    const { pass, writtenAtSeconds, journal, writeWith, answerWith, soFar } = setUp();
    let isWritten = false;
    let finish = () => {};
    writeWith(() => {
      const writing = new Promise<void>((resolve) => {
        finish = resolve;
      });
      return writing.then(() => {
        isWritten = true;
      });
    });
    await pass(1);
    const closed = journal.close().then(() => isWritten);
    finish();
    expect(await closed).toBe(true);
    answerWith(async () => soFar);
    await pass(20);
    expect(writtenAtSeconds).toEqual([1]);
  });

  it('does not write an account that came after it was closed', async () => {
    const { pass, writtenAtSeconds, journal, answerWith, soFar } = setUp();
    let answerNow: (result: ResultSoFar) => void = () => {};
    answerWith(
      () =>
        new Promise((resolve) => {
          answerNow = resolve;
        }),
    );
    await pass(1);
    await journal.close();
    answerNow(soFar);
    await pass(5);
    expect(writtenAtSeconds).toEqual([]);
  });
});

it('asks for nothing while the figures of a hub cannot be read', async () => {
  const run = { options: {}, readHubs: () => Promise.reject(new Error('the adapter failed')) };
  expect(await measureSoFar(run as unknown as GoingRun, {} as WorkerPool)).toBeUndefined();
});

describe('accounts of all workers', () => {
  const account = (cut: number, busyMicros: number) => ({ cut, busyMicros, result: {} }) as InterimAccount;

  it('are one when each has answered for the same events', async () => {
    const accounts = createInterimAccounts(createSimulatedClock(), 2);
    const next = accounts.next(7);
    accounts.add(0, account(6, 1));
    accounts.add(1, account(7, 30));
    accounts.add(1, account(7, 30));
    accounts.add(0, account(7, 20));
    expect(await next).toEqual({ results: [{ worker: 1 }, { worker: 0 }], busyMicros: 30 });
  });

  it('are none when one does not answer in time', async () => {
    const clock = createSimulatedClock();
    const accounts = createInterimAccounts(clock, 2);
    const next = accounts.next(7);
    accounts.add(0, account(7, 1));
    clock.advance(5_000);
    expect(await next).toBeUndefined();
    accounts.add(1, account(7, 1));
  });
});

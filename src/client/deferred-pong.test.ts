// When a draining client answers pings, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { DeferredPong } from './deferred-pong.ts';

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  const answers: string[] = [];
  const state = { bytesRead: 0 };
  const pongs = new DeferredPong({
    clock,
    get bytesRead() {
      return state.bytesRead;
    },
    sendPong: (payload) => answers.push(`${clock.nowMicros() / 1e3} ms: ${payload}`),
  });
  /** Something comes every 10 ms. */
  function read(millis: number): void {
    for (let at = 0; at < millis; at += 10) {
      state.bytesRead += 100;
      clock.advance(10);
    }
  }
  return { clock, answers, pongs, read };
}

describe('pongs of a draining client', () => {
  it('are sent at once while it does not drain', () => {
    const { answers, pongs } = setUp();
    pongs.onPing(Buffer.from('a'));
    expect(answers).toEqual(['0 ms: a']);
  });

  it('wait until no more bytes arrive, and answer only the last ping', () => {
    const { clock, answers, pongs, read } = setUp();
    pongs.begin();
    pongs.onPing(Buffer.from('a'));
    pongs.onPing(Buffer.from('b'));
    read(250);
    expect(answers).toEqual([]);
    clock.advance(1_000);
    expect(answers).toEqual(['400 ms: b']);
    pongs.onPing(Buffer.from('c'));
    expect([answers.at(-1), clock.pendingTimers]).toEqual(['1250 ms: c', 0]);
  });

  it('wait a second at most, however many bytes arrive', () => {
    const { answers, pongs, read } = setUp();
    pongs.begin();
    read(500);
    pongs.onPing(Buffer.from('a'));
    read(5_000);
    expect(answers).toEqual(['1000 ms: a']);
  });

  it('wait no longer for a client that stops and drains repeatedly', () => {
    const { answers, pongs, read } = setUp();
    pongs.begin();
    pongs.onPing(Buffer.from('a'));
    for (let spell = 0; spell < 10; spell++) {
      read(200);
      pongs.begin();
    }
    expect(answers).toEqual(['1000 ms: a']);
  });

  it('are dropped when the connection ends', () => {
    const { clock, answers, pongs } = setUp();
    pongs.begin();
    pongs.onPing(Buffer.from('a'));
    pongs.cancel();
    clock.advance(5_000);
    expect([answers, clock.pendingTimers]).toEqual([[], 0]);
  });
});

// When a silent agent is sent a question, and when it is given up, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { createLossWatch } from './loss-watch.ts';

function setUp() {
  const clock = createSimulatedClock();
  const log: string[] = [];
  const watch = createLossWatch(clock, 2, {
    onSilent: (agent) => log.push(`ask ${agent}`),
    onLost: (agent) => log.push(`lost ${agent}`),
  });
  return { clock, log, watch };
}

describe('the watch for lost agents', () => {
  it('asks after 3 s of silence and gives up after 5 s, once', () => {
    const { clock, log, watch } = setUp();
    for (let at = 0; at < 20; at++) {
      watch.heard(0);
      clock.advance(500);
      if (at === 4) expect(log).toEqual([]);
      if (at === 5) expect(log).toEqual(['ask 1']);
    }
    expect(log).toEqual(['ask 1', 'lost 1']);
    watch.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('begins again with whatever comes, and waits for none that is forgotten', () => {
    const { clock, log, watch } = setUp();
    watch.forget(1);
    clock.advance(4_900);
    watch.heard(0);
    clock.advance(2_400);
    expect(log).toEqual(['ask 0']);
  });
});

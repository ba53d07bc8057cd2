// What a machine that was busy all the time, or never, casts doubt on: what rests on time, and nothing else.
import { describe, expect, it } from 'vitest';
import type { Basis } from '../../finding.ts';
import { waitedInVain } from '../../timed-work.ts';
import { findDoubt } from './find-doubt.ts';
import type { CpuWatch } from './watch/watch-cpu.ts';

const SECOND = 1e6;
const START_MICROS = 100 * SECOND;

/** In each of 60 seconds since then the hub waited so long for a core; the runner stood still once. */
function watch({ hubMillis = 0, worstMillis = 0 }): CpuWatch {
  const spans = Array.from({ length: 60 }, (_, at) => ({
    ...{ startMicros: START_MICROS + at * SECOND, endMicros: START_MICROS + (at + 1) * SECOND },
    ...{ hubMillis, runnerMillis: 0 },
  }));
  return {
    runner: { worstMillisSince: () => worstMillis, totalMillisSince: () => worstMillis, stop() {} },
    cores: { waitsSince: (micros) => spans.filter(({ endMicros }) => endMicros > micros), stop() {} },
    lostMillisSince: () => 0,
    stop() {},
  };
}

const wait = (fromSecond: number, seconds: number) => ({
  startMicros: START_MICROS + fromSecond * SECOND,
  endMicros: START_MICROS + (fromSecond + seconds) * SECOND,
});
const doubt = (cpu: CpuWatch, basis: Basis, inVain = [wait(2, 10)]) =>
  findDoubt(cpu, basis, { ...wait(0, 20), inVain });

describe('findDoubt', () => {
  const busy = watch({ hubMillis: 900, worstMillis: 5_000 });

  it('leaves facts alone, whatever was waited in vain', () => {
    expect(doubt(busy, 'facts')).toBeUndefined();
  });

  it('doubts what is missing after a wait in vain of a second and more', () => {
    expect(doubt(busy, 'missing')).toMatch(/^the hub waited 9000 of 10000 ms for a CPU core/);
    expect(doubt(busy, 'missing', [wait(2, 0.9)])).toBeUndefined();
    expect(doubt(busy, 'missing', [])).toBeUndefined();
  });

  it('lets stand what is missing on a quiet machine, also where the runner stood still for a moment', () => {
    expect(doubt(watch({ hubMillis: 100 }), 'missing')).toBeUndefined();
    expect(doubt(watch({ worstMillis: 500 }), 'missing')).toBeUndefined();
  });

  it('doubts what was late by what was waited meanwhile, not by the waits of something else', () => {
    const late = { fromMillis: 30_000, toMillis: 33_000, tookMillis: 3_000, allowedMillis: 1_000 };
    expect(doubt(watch({ hubMillis: 900 }), late, [])).toMatch(/^the hub waited 2700 of 3000 ms/);
    expect(doubt(watch({ hubMillis: 500 }), late)).toBeUndefined();
    const whole = { tookMillis: 20_000, allowedMillis: 10_000 };
    expect(doubt(watch({ hubMillis: 600 }), whole)).toMatch(/^the hub waited 12000 of 20000 ms/);
  });

  it('doubts what was late by no more than four times what the runner stood still', () => {
    expect(doubt(watch({ worstMillis: 500 }), { tookMillis: 2_500, allowedMillis: 600 })).toMatch(
      /^the runner lacked CPU time for 500 ms/,
    );
    expect(doubt(watch({ worstMillis: 500 }), { tookMillis: 2_500, allowedMillis: 400 })).toBeUndefined();
    expect(doubt(watch({ hubMillis: 600 }), waitedInVain({ fromMillis: 0, tookMillis: 10_000 }))).toMatch(
      /^the hub waited 6000 of 10000 ms/,
    );
  });
});

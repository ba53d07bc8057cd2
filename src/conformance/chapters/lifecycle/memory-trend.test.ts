// Series of memory as hubs show them, simulated: those that keep what is sent grow, and heaps level off.
import { describe, expect, it } from 'vitest';
import { judgeMemory, type MemoryReading, type MemoryTrend } from './memory-trend.ts';

const MEBIBYTE = 1024 * 1024;
const ROUND_MEBIBYTES = 8;

interface Model {
  /** Resident memory in MiB when so many MiB are sent. */
  readonly rss: (sent: number) => number;
  /** Default: what is resident, in units of 64 MiB. */
  readonly data?: (sent: number) => number | undefined;
}

/** What is known after the round that decides, as the check finds it, and how much was sent by then. */
function watch(
  { rss, data = (sent) => 64 * Math.ceil(rss(sent) / 64) }: Model,
  mostSent = 2_000,
  freeMebibytes = 0,
) {
  const readings: MemoryReading[] = [];
  let trend: MemoryTrend = 'too little sent';
  const isOpen = (): boolean => trend === 'too little sent' || trend === 'may grow';
  for (let sent = 0; isOpen() && sent <= mostSent; sent += ROUND_MEBIBYTES) {
    const dataMebibytes = data(sent);
    readings.push({
      sentBytes: sent * MEBIBYTE,
      rssBytes: rss(sent) * MEBIBYTE,
      dataBytes: dataMebibytes === undefined ? undefined : dataMebibytes * MEBIBYTE,
    });
    trend = judgeMemory(readings, freeMebibytes * MEBIBYTE);
  }
  return { trend, sent: (readings.at(-1)?.sentBytes ?? 0) / MEBIBYTE };
}

/** A heap that is collected when it is twice what is in use, as Go's: `kept` and `passing` MiB for each MiB sent. */
function collectedHeap(kept: number, passing: number): (sent: number) => number {
  let [live, heap, peak, at] = [4, 4, 8, 0];
  return (sent) => {
    for (; at < sent; at += 0.25) {
      live += kept / 4;
      heap += (kept + passing) / 4;
      if (heap > Math.max(2 * live, 8)) heap = live;
      peak = Math.max(peak, heap);
    }
    return peak;
  };
}

describe('memory', () => {
  it.each<[string, Model]>([
    ['that stays', { rss: () => 20 }],
    ['that warms up in the first round', { rss: (sent) => (sent === 0 ? 65 : 114) }],
    ['that swings', { rss: (sent) => 100 + 30 * Math.sin(sent) }],
    ['of a heap that nothing is kept in', { rss: collectedHeap(0, 6) }],
    ['of a new heap that grows up to 350 MiB', { rss: (sent) => 90 + Math.min(350, 4 * sent) }],
    ['of a heap that is gigabytes from the start', { rss: (sent) => 90 + 4 * sent, data: () => 4_400 }],
    [
      'of a process that says nothing about it',
      { rss: (sent) => 90 + Math.min(350, 4 * sent), data: () => undefined },
    ],
  ])('%s levels off', (_what, model) => {
    expect(watch(model).trend).toBe('levels off');
  });

  it.each<[string, Model]>([
    ['that grows by all that is sent', { rss: (sent) => 20 + sent }],
    ['that keeps it twice', { rss: (sent) => 60 + 2 * sent }],
    ['that grows in units of 16 MiB', { rss: (sent) => 16 * Math.ceil((sent + 20) / 16) }],
    ['of a heap that is collected, and keeps what is sent', { rss: collectedHeap(1, 2) }],
    ['that uses up 20 MiB that were free', { rss: (sent) => Math.max(115, 95 + sent) }],
    ['of a process that says nothing about it', { rss: (sent) => 20 + sent, data: () => undefined }],
  ])('%s grows', (_what, model) => {
    expect(watch(model).trend).toBe('grows');
  });

  it('is not judged before 32 MiB are sent', () => {
    expect(watch({ rss: () => 20 }).sent).toBe(32);
    expect(watch({ rss: () => 20 }, 24).trend).toBe('too little sent');
  });

  it('that is free from before is filled first', () => {
    const keepsAll = { rss: (sent: number) => Math.max(140, 60 + sent) };
    expect(watch(keepsAll).trend).toBe('levels off');
    expect(watch(keepsAll, 2_000, 80).trend).toBe('grows');
    expect(watch({ rss: () => 140 }, 2_000, 80).sent).toBe(112);
  });

  it('is not called growing below 384 MiB', () => {
    expect(watch({ rss: (sent) => 20 + sent }, 376).trend).toBe('may grow');
    expect(watch({ rss: (sent) => 20 + sent }).sent).toBe(384);
  });

  it('that was kept, and then was given back, levels off', () => {
    expect(watch({ rss: (sent) => 20 + (sent < 300 ? sent : 0) }).trend).toBe('levels off');
  });
});

// How many events kernels hold, by the size of their frames on the wire.
import { describe, expect, it } from 'vitest';
import { createPublishLog } from './publish-log.ts';

function logOf(events: number, bytes: number) {
  const log = createPublishLog();
  log.add(
    Array.from({ length: events }, () => 'x'.repeat(bytes)),
    1,
  );
  return log;
}

describe('the publish log', () => {
  it('counts whole frames of the JSON and four bytes of header', () => {
    const log = logOf(10, 96);
    expect([99, 100, 199, 200, 100_000].map((bytes) => log.eventsWithin(2, bytes))).toEqual([0, 1, 1, 2, 8]);
    expect([log.wireBytesBetween(2, 5), log.bytesBetween(2, 5)]).toEqual([288, 288]);
  });

  it('counts frames as they were on the wire where that is known, whoever says it first', () => {
    const log = logOf(4, 96);
    log.addFrameSizes([1, 20, 2, 30]);
    log.addFrameSizes([1, 99]);
    expect([100, 119, 120, 150, 249, 250].map((bytes) => log.eventsWithin(0, bytes))).toEqual([
      1, 1, 2, 3, 3, 4,
    ]);
    expect([log.wireBytesBetween(0, 4), log.bytesBetween(0, 4)]).toEqual([242, 384]);
  });

  it('knows of a long run when how many events were accepted, in bounded memory', () => {
    const log = createPublishLog({ exactEvents: 128, earlierEvents: 64, firstStride: 4 });
    for (let request = 1; request <= 1_000; request++) log.add(['x', 'x', 'x'], request);
    expect(log.acceptedUntil(0)).toBe(0);
    expect(log.acceptedUntil(1_000)).toBe(3_000);
    for (let request = 4; request <= 1_000; request++) {
      const known = log.acceptedUntil(request);
      expect(Math.abs(known - 3 * request)).toBeLessThanOrEqual(64);
      expect(known).toBeGreaterThanOrEqual(log.acceptedUntil(request - 1));
      // What was long ago is known less exactly.
      if (request > 960) expect(known).toBe(3 * request);
    }
  });
});

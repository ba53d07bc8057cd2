// A body that comes too slowly is refused in time, and keeps nothing.
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { BODY_MILLIS, readBody } from './request-body.ts';

function startReading() {
  const clock = createSimulatedClock();
  const request = new PassThrough();
  const reading = readBody(request as unknown as IncomingMessage, clock, () => true);
  return { clock, request, reading };
}

describe('readBody', () => {
  it('answers 408 when the body is not whole in time, however steadily it comes', async () => {
    const { clock, request, reading } = startReading();
    for (let second = 0; second <= BODY_MILLIS / 1_000; second++) {
      request.write('x');
      await clock.advanceAsync(1_000);
    }
    expect(await reading).toMatchObject({ ok: false, answer: { status: 408 } });
    expect(request.listenerCount('data')).toBe(0);
  });

  it('reads a body that ends in time', async () => {
    const { clock, request, reading } = startReading();
    request.write('one ');
    await clock.advanceAsync(BODY_MILLIS - 1);
    request.end('two');
    expect(await reading).toMatchObject({ ok: true, bytes: Buffer.from('one two') });
  });
});

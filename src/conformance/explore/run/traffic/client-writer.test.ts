// The writes of a client, on a simulated clock: the same bytes in the same order, however they are cut.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../../testing/simulated/simulated-clock.ts';
import { createClientWriter } from './client-writer.ts';

const FRAMES = [Buffer.from('a frame of some bytes'), Buffer.from('another'), Buffer.from('x')];

function writeAll(writes: string, frames: readonly Buffer[] = FRAMES) {
  const clock = createSimulatedClock();
  const written: string[] = [];
  const writer = createClientWriter(writes, (bytes) => written.push(Buffer.from(bytes).toString()), clock);
  for (const frame of frames) writer.write(frame);
  return { clock, written, writer };
}

describe('the writes of a client', () => {
  it('are one for each frame, at once', () => {
    expect(writeAll('whole').written).toEqual(FRAMES.map(String));
  });

  it('are one for all frames of a moment', () => {
    const { clock, written } = writeAll('joined');
    clock.advance(5);
    expect(written).toEqual([FRAMES.join('')]);
  });

  it('are torn inside of header, mask and payload, in order', () => {
    const { clock, written } = writeAll('torn');
    clock.advance(100);
    expect(written.join('')).toBe(FRAMES.join(''));
    expect(written.slice(0, 10)).toEqual([...'a frame ', 'of som', 'e bytes']);
  });

  it('are whole after a few, still in order', () => {
    const many = Array.from({ length: 40 }, (_, at) => Buffer.from(`frame ${at}`));
    const { clock, written } = writeAll('torn', many);
    clock.advance(1_000);
    expect(written.join('')).toBe(many.join(''));
    expect(written.at(-1)).toBe('frame 39');
  });

  it('end when the client leaves', () => {
    const { clock, written, writer } = writeAll('torn');
    writer.stop();
    clock.advance(100);
    expect(written).toEqual([]);
  });
});

// A request is written in the pieces between its cuts, one after the other, once it is connected.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import type { Connection } from '../connection.ts';
import { evenCuts, writeCut } from './write-cut.ts';

function createWriter() {
  const clock = createSimulatedClock();
  const pieces: string[] = [];
  const connection = {
    isOpen: true,
    socketEnds: 'a>b' as string | undefined,
    write: (bytes: Uint8Array) => pieces.push(Buffer.from(bytes).toString()),
  };
  const write = (cuts: readonly number[]) =>
    writeCut(connection as unknown as Connection, Buffer.from('abcdef'), cuts, clock);
  return { clock, pieces, connection, write };
}

describe('writing in pieces', () => {
  it('writes at once what has no cuts', async () => {
    const { pieces, write } = createWriter();
    await write([]);
    expect(pieces).toEqual(['abcdef']);
  });

  it('writes a piece every few milliseconds', async () => {
    const { clock, pieces, write } = createWriter();
    const written = write([1, 4]);
    expect(pieces).toEqual(['a']);
    await clock.advanceAsync(100);
    await written;
    expect(pieces).toEqual(['a', 'bcd', 'ef']);
  });

  it('waits for a connection that is on its way, but not for long', async () => {
    const { clock, pieces, connection, write } = createWriter();
    connection.socketEnds = undefined;
    const written = write([1]);
    await clock.advanceAsync(50);
    expect(pieces).toEqual(['a']);
    await clock.advanceAsync(100);
    await written;
    expect(pieces).toEqual(['a', 'bcdef']);
  });

  it('ends with the connection', async () => {
    const { clock, pieces, connection, write } = createWriter();
    const written = write([1, 2]);
    connection.isOpen = false;
    await clock.advanceAsync(10);
    await written;
    expect(pieces).toEqual(['a']);
  });
});

describe('even cuts', () => {
  it.each([
    [10, 3, [4, 8]],
    [10, 1, []],
    [2, 5, [1]],
  ])('of %i bytes in %i pieces', (length, pieces, cuts) => {
    expect(evenCuts(length, pieces)).toEqual(cuts);
  });
});

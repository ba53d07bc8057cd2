// What is kept of what went over the wire.
import { describe, expect, it } from 'vitest';
import { createWireLog, mergeWireLogs } from './wire-log.ts';

function createLogs() {
  let now = 0;
  return {
    at: (millis: number) => (now = millis),
    log: (client: string) => createWireLog(client, () => now),
  };
}

describe('the merged wire log', () => {
  it('has the last entries of all clients in order of time', () => {
    const { at, log } = createLogs();
    const [a, b] = [log('A'), log('B')];
    for (let event = 1; event <= 10; event++) {
      at(event);
      (event % 2 === 0 ? a : b).add('in', `event #${event}`);
    }
    expect(mergeWireLogs([a, b], 3).map(({ client, what }) => `${client} ${what}`)).toEqual([
      'A event #8',
      'B event #9',
      'A event #10',
    ]);
  });

  it('keeps what the kit did, however many events went by since', () => {
    const { at, log } = createLogs();
    const [a, b] = [log('A'), log('B')];
    b.add('kit', 'stops reading');
    for (let event = 1; event <= 90; event++) {
      at(event);
      a.add('in', `event #${event}`);
    }
    const merged = mergeWireLogs([a, b], 60);
    expect(merged).toHaveLength(60);
    expect(merged[0]).toMatchObject({ client: 'B', what: 'stops reading' });
    expect(merged.at(-1)?.what).toBe('event #90');
  });
});

// Which end of a connection is a fault's. Times in seconds.
import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../faults/language/fault.ts';
import type { FaultWindow } from '../../faults/fault-window.ts';
import { KnownFaults } from './known-faults.ts';

function windowOf(kind: FaultKind, from: number, until?: number, hubs = [0], number = 0): FaultWindow {
  const untilMicros = until === undefined ? undefined : until * 1e6;
  return { number, kind, text: kind, hubs, fromMicros: from * 1e6, untilMicros };
}

const ended = (connected: number, end: number, hub = 0) => ({
  ...{ hub, mustBeKept: true, connectedAtMicros: connected * 1e6, endedAtMicros: end * 1e6 },
});

function explaining(windows: readonly FaultWindow[], connected: number, end: number, hub = 0) {
  const faults = new KnownFaults();
  for (const window of windows) faults.set(window);
  return faults.explaining(ended(connected, end, hub));
}

describe('the fault that explains the end of a connection', () => {
  it.each([
    ['while it goes on', windowOf('exec', 10), 5, 100, 0],
    ['until its end and 2 s longer', windowOf('exec', 10, 12), 5, 14, 0],
    [
      "but not one that resets connections from the clients' side",
      windowOf('drop', 10, 12),
      5,
      11,
      undefined,
    ],
    ['not before it began', windowOf('exec', 10, 12), 5, 9, undefined],
    ['not later', windowOf('exec', 10, 12), 5, 14.1, undefined],
    ['for connections that began during it', windowOf('restart', 10, 12), 11, 13, 0],
    ['not for those that began after it', windowOf('restart', 10, 12), 12.5, 13, undefined],
    ['10 s longer where the network was disturbed', windowOf('latency', 10, 12), 5, 22, 0],
    [
      'at any time where its process was ended, for a client that does not read',
      windowOf('kill', 10, 12),
      5,
      60,
      0,
    ],
    ['but not for a connection to the next process', windowOf('kill', 10, 12), 11, 60, undefined],
  ])('is one %s', (_, window, connected, end, expected) => {
    expect(explaining([window], connected, end)).toBe(expected);
  });

  it('is of the same hub, and the latest of several', () => {
    const windows = [windowOf('latency', 0, 30, [0, 1], 0), windowOf('restart', 10, 12, [1], 1)];
    expect(explaining(windows, 5, 11, 0)).toBe(0);
    expect(explaining(windows, 5, 11, 1)).toBe(1);
    expect(explaining(windows, 5, 11, 2)).toBeUndefined();
  });

  it('is remembered where a process ended, and else forgotten a minute after its end', () => {
    const faults = new KnownFaults();
    faults.set(windowOf('kill', 10, 12, [0], 0));
    faults.set(windowOf('exec', 20, 22, [0], 1));
    for (let number = 2; number < 100; number++)
      faults.set(windowOf('drop', 100 * number, 100 * number, [0], number));
    expect(faults.explaining(ended(5, 9_950))).toBe(0);
    expect(faults.explaining(ended(19, 21))).toBeUndefined();
    expect(faults.latestDrop(0)).toBe(99);
    expect(faults.latestDrop(1)).toBeUndefined();
  });
});

it('is no disturbed network where the client does not read anyway', () => {
  const faults = new KnownFaults();
  faults.set(windowOf('latency', 10, 12));
  expect(faults.explaining({ ...ended(5, 11), mustBeKept: false })).toBeUndefined();
  faults.set(windowOf('restart', 10, 12, [0], 1));
  expect(faults.explaining({ ...ended(5, 11), mustBeKept: false })).toBe(1);
});

describe('a fault that keeps clients out', () => {
  it('is one that stops their hub or its network while they try, and 2 s longer', () => {
    const faults = new KnownFaults();
    faults.set(windowOf('kill', 10, 12));
    faults.set(windowOf('drop', 30, 31, [0], 1));
    const keepsOut = (from: number, until: number, hub = 0) => faults.keepsOut(hub, from * 1e6, until * 1e6);
    expect([keepsOut(8, 9), keepsOut(9, 11), keepsOut(13, 13), keepsOut(14.1, 20)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(keepsOut(11, 11, 1)).toBe(false);
    expect(keepsOut(30, 31)).toBe(false);
  });
});

// Faults that were injected, as the result has them.
import { describe, expect, it } from 'vitest';
import type { FaultWindow } from '../../faults/fault-window.ts';
import { foldFaults } from './fold-faults.ts';

const RESTART: FaultWindow = {
  number: 0,
  kind: 'restart',
  text: 'restart target=2',
  hubs: [1],
  fromMicros: 15_000_000,
  untilMicros: 15_800_000,
};
const startedAtMicros = 5_000_000;
const hubs = [{}, {}];

describe('the faults of a result', () => {
  it('are absent in a run without any', () => {
    expect(foldFaults({ startedAtMicros })).toBeUndefined();
  });

  it('count from the start of the run and name the hub of several', () => {
    const [fault] = foldFaults({ startedAtMicros, hubs, faults: [RESTART] }) ?? [];
    expect(fault).toMatchObject({
      fault: 'restart target=2',
      target: 2,
      atMillis: 10_000,
      endedAtMillis: 10_800,
    });
  });

  it('have no end where they were not over', () => {
    const [fault] = foldFaults({ startedAtMicros, faults: [{ ...RESTART, untilMicros: undefined }] }) ?? [];
    expect(fault).toMatchObject({ endedAtMillis: null, dropped: 0, refusedMillis: null });
    expect(fault).not.toHaveProperty('target');
  });
});

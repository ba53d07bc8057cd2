// Which faults are in view while a run goes on.
import { expect, it } from 'vitest';
import type { FaultWindow } from '../../faults/fault-window.ts';
import { viewFaults } from './view-faults.ts';

it('has the faults that are on, and for a while those that were', () => {
  const window = (number: number, untilMicros: number | undefined): FaultWindow => ({
    ...{ number, kind: 'restart', text: `restart ${number}`, hubs: [0], fromMicros: number, untilMicros },
  });
  const windows = [window(0, undefined), window(1, 10e6), window(2, 14e6)];
  expect(viewFaults(windows, 15e6)).toEqual({
    begun: 3,
    inView: [
      { kind: 'restart', fault: 'restart 0', isOn: true },
      { kind: 'restart', fault: 'restart 2', isOn: false },
    ],
  });
});

// Runs that are repeated, as those of clients that are read together, leave what they would leave one delivery at a time.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeliveryRecorder } from './delivery-recorder.ts';

const MASK = 1_023;
const DUES = Float64Array.from({ length: MASK + 1 }, (_, entry) => entry * 3_000);
const OTHER_DUES = DUES.map((due) => due + 17);

const step = fc.record({
  /** So often this run, at one time. */
  times: fc.integer({ min: 1, max: 5 }),
  first: fc.constantFrom(0, 1_000),
  events: fc.constantFrom(1, 1, 3, 256, 257),
  laterMicros: fc.constantFrom(0, 0, 1, 40_000, 900_000),
  ofOtherLog: fc.boolean(),
  after: fc.constantFrom('nothing', 'nothing', 'measure', 'seconds', 'snapshot'),
});

it('leaves the same latencies, second by second, as deliveries that are recorded one by one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [together, singly] = [createDeliveryRecorder(), createDeliveryRecorder()];
      let nowMicros = 3_000_000;
      for (const { times, first, events, laterMicros, ofOtherLog, after } of steps) {
        nowMicros += laterMicros;
        const dues = ofOtherLog ? OTHER_DUES : DUES;
        for (const recorder of [together, singly]) recorder.tick(nowMicros);
        for (let time = 0; time < times; time++) {
          together.deliveredRun(dues, MASK, first, first + events, nowMicros);
          for (let entry = first; entry < first + events; entry++)
            singly.delivered(dues[entry & MASK] as number, nowMicros);
        }
        if (after === 'measure')
          for (const recorder of [together, singly]) recorder.measure(nowMicros % 7_000, 1_500_000);
        if (after === 'seconds') expect(together.takeEndedSeconds()).toEqual(singly.takeEndedSeconds());
        if (after === 'snapshot') expect(together.snapshot()).toEqual(singly.snapshot());
      }
      expect(together.snapshot()).toEqual(singly.snapshot());
      expect(together.takeLastSeconds()).toEqual(singly.takeLastSeconds());
    }),
    { numRuns: 500 },
  );
});

// Whatever burst a hub survives, the search ends near it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseNext } from './burst-tolerance.ts';

describe('chooseNext', () => {
  it('narrows every tolerance down to 3 percent, or one message, within 14 steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_500 }), fc.constantFrom(500, 2_000), (tolerance, most) => {
        let [survived, failed, steps] = [0, undefined as number | undefined, 0];
        for (
          let next: number | undefined = 16;
          next !== undefined;
          next = chooseNext(survived, failed, most)
        ) {
          expect(next).toBeGreaterThan(survived);
          if (next <= tolerance) survived = next;
          else failed = next;
          expect(++steps).toBeLessThanOrEqual(14);
        }
        expect(survived).toBeLessThanOrEqual(tolerance);
        if (failed === undefined) expect(survived).toBe(most);
        else expect(failed - survived).toBeLessThanOrEqual(Math.max(1, survived * 0.03));
      }),
    );
  });
});

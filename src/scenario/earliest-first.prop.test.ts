// The heap against a sorted list, through any mix of pushes, removals and heads that move on.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EarliestFirst, type Timed } from './earliest-first.ts';

const operation = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), millis: fc.nat(20) }),
  fc.record({ kind: fc.constant('remove' as const), millis: fc.constant(0) }),
  fc.record({ kind: fc.constant('move on' as const), millis: fc.nat(20) }),
);

it('keeps the earliest item at its head, in insertion order for equal times', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const heap = new EarliestFirst<Timed>();
      let list: Timed[] = [];
      for (const [order, { kind, millis }] of operations.entries()) {
        const { head } = heap;
        if (kind === 'push') {
          const item = { atMillis: millis, order };
          heap.push(item);
          list.push(item);
        } else if (kind === 'remove') {
          heap.removeHead();
          list = list.filter((item) => item !== head);
        } else if (head) {
          head.atMillis += millis;
          heap.settleHead();
        }
        list.sort((a, b) => a.atMillis - b.atMillis || a.order - b.order);
        expect(heap.head).toBe(list[0]);
      }
    }),
  );
});

// Origin rule and deferred writes of the hub.
import { createDeferredQueue } from '../../hub/client/deferred-writes.ts';
import { judgeOrigin } from '../../protocol/origin-rule.ts';
import { READ } from './event-frames.ts';
import type { HotFunction } from './hot-function.ts';

const DEFERRED_WRITES = 20_000;
const DEFERRED_PER_TURN = 16;

/** Judges one Origin header. `new URL` is quicker, and wrong: it folds hosts that Go does not (protocol). */
export function originRule(): HotFunction {
  const origins = [
    'http://localhost:5173',
    'https://evil.example',
    'http://127.0.0.1:3000',
    'http://[::1]:80',
  ];
  const local = new Set(['localhost', '127.0.0.1', '[::1]']);
  return {
    name: 'origin rule, a header',
    ours(count) {
      let allowed = 0;
      for (let made = 0; made < count; made++)
        if (judgeOrigin(origins[made & 3], ['http://localhost:3000']).isAllowed) allowed++;
      if (allowed === 0) throw new Error('no origin was allowed');
      return count;
    },
    baseline: 'new URL().hostname',
    theirs(count) {
      let allowed = 0;
      for (let made = 0; made < count; made++)
        if (local.has(new URL(origins[made & 3] ?? '').hostname)) allowed++;
      if (allowed === 0) throw new Error('no origin was allowed');
      return count;
    },
    atMost: 4,
    failsAt: 10,
  };
}

/** Defers and runs one of many writes that wait. A list that is cut and copied every turn is quadratic. */
export function deferredWrites(): HotFunction {
  const run = (item: Buffer) => {
    if (item.length === 0) throw new Error('an empty write');
  };
  let runTurn: (() => void) | undefined;
  const nextTurn = (turn: () => void) => {
    runTurn = turn;
  };
  return {
    name: 'deferred write, one of 20,000',
    ours(count) {
      const queue = createDeferredQueue<Buffer>(DEFERRED_PER_TURN, run, nextTurn);
      for (let made = 0; made < count; made += DEFERRED_WRITES) {
        for (let added = 0; added < DEFERRED_WRITES; added++) queue.add(READ);
        while (!queue.isEmpty()) runTurn?.();
      }
      return Math.ceil(count / DEFERRED_WRITES) * DEFERRED_WRITES;
    },
    baseline: 'closures in a sliced array',
    theirs(count) {
      for (let made = 0; made < count; made += DEFERRED_WRITES) {
        let waiting: (() => void)[] = [];
        for (let added = 0; added < DEFERRED_WRITES; added++) waiting.push(() => run(READ));
        while (waiting.length > 0) {
          const now = waiting.slice(0, DEFERRED_PER_TURN);
          waiting = waiting.slice(DEFERRED_PER_TURN);
          for (const step of now) step();
        }
      }
      return Math.ceil(count / DEFERRED_WRITES) * DEFERRED_WRITES;
    },
    atMost: 0.3,
    failsAt: 0.7,
  };
}

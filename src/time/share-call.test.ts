// Calls that come while one is under way are that one.
import { expect, it } from 'vitest';
import { shareCall } from './share-call.ts';

function deferred() {
  let [resolve, reject] = [(_: number): void => {}, (_: Error): void => {}];
  const promise = new Promise<number>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

it('makes one call of those that come while it is under way, and another one afterwards, also after a failure', async () => {
  const answers = [deferred(), deferred(), deferred()];
  let calls = 0;
  const call = shareCall(() => (answers[calls++] as (typeof answers)[number]).promise);
  const [first, second] = [call(), call()];
  answers[0]?.resolve(7);
  expect([await first, await second, calls]).toEqual([7, 7, 1]);
  const failing = call();
  answers[1]?.reject(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  answers[2]?.resolve(9);
  expect([await call(), calls]).toEqual([9, 3]);
});

// What a client that joined late received, compared with a client that received everything: from its first event on, both have
// the same events in the same order. Pure.

/** The first difference: `#5 after #4, where client A received #9`. The witness may be a little behind: that is none. */
export function findDifference(
  got: readonly number[],
  order: readonly number[],
  witness: string,
): string | undefined {
  const from = order.indexOf(got[0] ?? -1);
  if (from < 0) return undefined;
  const at = got.findIndex((sequence, index) => (order[from + index] ?? sequence) !== sequence);
  return at < 0
    ? undefined
    : `#${got[at]} after #${got[at - 1]}, where ${witness} received #${order[from + at]}`;
}

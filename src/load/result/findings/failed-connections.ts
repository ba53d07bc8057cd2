// Why clients could not connect, as one phrase: reasons that differ only in numbers, such as ports, are one reason.

/** Reasons that the phrase names. */
const MAX_REASONS = 3;

/** The most frequent first. */
export function describeFailures(failures: Readonly<Record<string, number>>): string {
  const groups = new Map<string, { reason: string; count: number }>();
  for (const [reason, count] of Object.entries(failures)) {
    const key = reason.replace(/\d{4,}/g, '#');
    const known = groups.get(key);
    if (known) known.count += count;
    else groups.set(key, { reason, count });
  }
  const sorted = [...groups.values()].sort((a, b) => b.count - a.count);
  if (sorted.length === 0) return 'the attempts had not ended';
  const shown = sorted.slice(0, MAX_REASONS).map(({ reason, count }) => `${count} x ${reason}`);
  const others = sorted.slice(MAX_REASONS).reduce((sum, { count }) => sum + count, 0);
  return [...shown, ...(others > 0 ? [`${others} for other reasons`] : [])].join('; ');
}

// What the workers say of their clients, put together: by cohort, and by cohort at each hub.
import { sumCounts } from '../worker/counts/handshake-counts.ts';
import type { AtHub, CohortProgress } from '../worker/worker-messages.ts';

export function mergeProgress(parts: readonly CohortProgress[]): CohortProgress[] {
  return merge(parts, ({ name }) => name).map(sumProgress);
}

export function mergeAtHubs(parts: readonly AtHub<CohortProgress>[]): AtHub<CohortProgress>[] {
  return merge(parts, ({ name, hub }) => `${hub} ${name}`).map((group) => ({
    ...sumProgress(group),
    hub: group[0].hub,
  }));
}

type Group<T> = [T, ...T[]];

function merge<T>(parts: readonly T[], keyOf: (part: T) => string): Group<T>[] {
  const groups = new Map<string, Group<T>>();
  for (const part of parts) {
    const group = groups.get(keyOf(part));
    if (group) group.push(part);
    else groups.set(keyOf(part), [part]);
  }
  return [...groups.values()];
}

function sumProgress(group: Group<CohortProgress>): CohortProgress {
  const sum = (read: (part: CohortProgress) => number) =>
    group.reduce((total, part) => total + read(part), 0);
  const failures = group.flatMap((part) => (part.failures === undefined ? [] : [part.failures]));
  const lowest = group.flatMap(({ lowestNextSequence }) => lowestNextSequence ?? []);
  return {
    name: group[0].name,
    attempted: sum((part) => part.attempted),
    connected: sum((part) => part.connected),
    open: sum((part) => part.open),
    joined: sum((part) => part.joined),
    lowestNextSequence: lowest.length === 0 ? null : Math.min(...lowest),
    deliveries: sum((part) => part.deliveries),
    evicted: sum((part) => part.evicted),
    ...sumOptional(group, 'away'),
    ...sumOptional(group, 'returning'),
    ...sumOptional(group, 'waiting'),
    ...sumOptional(group, 'unaccounted'),
    ...(failures.length === 0 ? {} : { failures: sumCounts(failures) }),
  };
}

type OptionalCount = 'away' | 'returning' | 'waiting' | 'unaccounted';

/** Absent without any. */
function sumOptional(group: Group<CohortProgress>, name: OptionalCount): Pick<CohortProgress, OptionalCount> {
  const count = group.reduce((total, part) => total + (part[name] ?? 0), 0);
  return count > 0 ? { [name]: count } : {};
}

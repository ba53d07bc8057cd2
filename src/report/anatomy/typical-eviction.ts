// The eviction that stands for those of its cohort: the one in the middle, by when its queue overflowed.
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import type { Eviction } from '../../load/result/result.ts';
import { groupBy } from '../format/group-by.ts';

export interface ToldEviction extends Eviction {
  readonly anatomy: EvictionAnatomy;
}

/** One for each cohort of which anything was told. */
export function typicalEvictions(evictions: readonly Eviction[]): ToldEviction[] {
  // Absent in files of before it was estimated.
  const told = evictions.flatMap(({ anatomy, ...facts }): ToldEviction[] =>
    anatomy?.overflowAtMillis == null ? [] : [{ ...facts, anatomy }],
  );
  return [...groupBy(told, ({ cohort }) => cohort).values()].flatMap((group) => {
    const at = ({ anatomy }: ToldEviction) => anatomy.overflowAtMillis ?? 0;
    const middle = [...group].sort((a, b) => at(a) - at(b))[Math.floor(group.length / 2)];
    return middle ? [middle] : [];
  });
}

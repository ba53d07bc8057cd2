// When a fault begins, in milliseconds of the measured time.
import type { Fault } from '../../../faults/language/fault.ts';

export function* occurrencesOf(
  { atMillis, everyMillis }: Pick<Fault, 'atMillis' | 'everyMillis'>,
  durationMillis: number,
): Generator<number, undefined> {
  for (let at = atMillis; at < durationMillis; at += everyMillis ?? Number.POSITIVE_INFINITY) yield at;
  return undefined;
}

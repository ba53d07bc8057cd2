// Makes what fails as plain as it can be: fewer programs, fewer factors that are not plain, smaller numbers. A step counts
// only when it fails with the same kind.
import type { Factor } from '../factors/factor.ts';
import { factorValue, type Program, unusualFactors, withValue } from '../program/program.ts';

export interface ShrinkParts {
  /** Those of these programs that ran until they failed in the same way; undefined when they did not. */
  readonly fails: (programs: readonly Program[]) => Promise<readonly Program[] | undefined>;
  readonly isOver: () => boolean;
  /** What may show the same with far less; the first that does is reduced instead. */
  readonly shortcuts?: readonly (readonly Program[])[];
}

/** Every step that failed, the given programs first and the plainest last. */
export async function shrinkPrograms(
  programs: readonly Program[],
  { fails, isOver, shortcuts = [] }: ShrinkParts,
): Promise<readonly (readonly Program[])[]> {
  let best = programs;
  const trail = [programs];

  async function attempt(candidate: readonly Program[]): Promise<boolean> {
    const failed = isOver() ? undefined : await fails(candidate);
    if (failed === undefined) return false;
    best = failed;
    trail.push(best);
    return true;
  }

  async function dropPrograms(): Promise<void> {
    for (let size = best.length >> 1; size >= 1; size >>= 1)
      for (let at = 0; at + size < best.length; ) {
        const without = [...best.slice(0, at), ...best.slice(at + size)];
        if (!(await attempt(without))) at += size;
      }
  }

  /** None where only programs before it are needed any more. */
  const factorsAt = (place: number): readonly Factor[] => {
    const program = best[place];
    return program === undefined ? [] : unusualFactors(program);
  };

  /** Sets factors back to plain: half of them at once, then ever fewer. */
  async function simplify(place: number): Promise<void> {
    for (let size = factorsAt(place).length; size >= 1; size >>= 1)
      for (let at = 0; ; ) {
        const some = factorsAt(place).slice(at, at + size);
        if (some.length === 0 || isOver()) break;
        const simpler = some.reduce(
          (program, factor) => withValue(program, factor, factor.plain),
          best[place] as Program,
        );
        if (!(await attempt(replaced(place, simpler)))) at += size;
      }
    for (const factor of factorsAt(place)) await shrinkValue(place, factor);
  }

  async function shrinkValue(place: number, factor: Factor): Promise<void> {
    for (;;) {
      const program = best[place];
      if (program === undefined) return;
      const smaller = factor.shrink(factorValue(program, factor));
      let isSmaller = false;
      for (const value of smaller) {
        isSmaller = await attempt(replaced(place, withValue(program, factor, value)));
        if (isSmaller || isOver()) break;
      }
      if (!isSmaller) return;
    }
  }

  const replaced = (place: number, program: Program): readonly Program[] =>
    best.map((one, at) => (at === place ? program : one));

  for (const shortcut of shortcuts) if (await attempt(shortcut)) break;
  await dropPrograms();
  for (let place = best.length - 1; place >= 0 && !isOver(); place--) await simplify(place);
  // What was needed beside a factor that is plain now may be needed no more.
  const last = best.length - 1;
  if (!isOver() && factorsAt(last).length > 1) await simplify(last);
  return trail;
}

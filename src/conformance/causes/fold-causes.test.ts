// Failed checks to causes: what is decisive, what follows, and that two defects at once are both named.
import { describe, expect, it } from 'vitest';
import { foldCauses } from './fold-causes.ts';

const failing = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, verdict: 'fail' as const, title: `${id} holds` }));

describe('foldCauses', () => {
  it('names the cause with its decisive check and folds what follows from it', () => {
    expect(foldCauses(failing('origin.foreign-refused', 'origin.null-refused', 'origin.generated'))).toEqual([
      {
        sentence: 'The hub accepts foreign origins: any website can listen',
        decisive: 'origin.foreign-refused',
        follows: ['origin.null-refused', 'origin.generated'],
      },
    ]);
  });

  it('names both of two defects', () => {
    const causes = foldCauses(failing('origin.foreign-refused', 'origin.generated', 'slow-client.evicted'));
    expect(causes.map(({ decisive }) => decisive)).toEqual(['origin.foreign-refused', 'slow-client.evicted']);
  });

  it('shows a failure that no cause explains by its title', () => {
    expect(foldCauses(failing('lifecycle.half-close-ends'))).toEqual([
      {
        sentence: 'Not true: lifecycle.half-close-ends holds',
        decisive: 'lifecycle.half-close-ends',
        follows: [],
      },
    ]);
  });

  it('says nothing of a hub without failures', () => {
    expect(foldCauses([{ id: 'origin.foreign-refused', verdict: 'pass', title: '' }])).toEqual([]);
  });
});

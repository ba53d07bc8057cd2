// The causes that reports begin with, on every known-bad hub of the kill matrix: many failures fold to few causes, and the
// cause shown for a defect is one of the checks that it names, or one that such a check explains.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { foldCauses } from '../../conformance/causes/fold-causes.ts';

const { suites, rows } = JSON.parse(
  readFileSync(new URL('../../../docs/kill-matrix.json', import.meta.url), 'utf8'),
) as { suites: string[][]; rows: Record<string, { suite: number; verdicts: string }> };

const failuresOf = (id: string) => {
  const row = rows[id];
  const checks = suites[row?.suite ?? -1] ?? [];
  return checks
    .filter((_, at) => row?.verdicts[at] === 'f')
    .map((check) => ({ id: check, verdict: 'fail' as const, title: check }));
};
const hubs = Object.keys(rows).map((id) => ({ id, failed: failuresOf(id) }));

describe('foldCauses', () => {
  it('puts every failed check into exactly one cause', () => {
    for (const { id, failed } of hubs) {
      const folded = foldCauses(failed).flatMap(({ decisive, follows }) => [decisive, ...follows]);
      expect([...folded].sort(), id).toEqual(failed.map((check) => check.id).sort());
    }
  });

  it('folds a hub with one defect and many failures to at most four causes', () => {
    const scattered = hubs
      .filter(({ failed }) => failed.length >= 5)
      .map(({ id, failed }) => ({ id, causes: foldCauses(failed).map(({ decisive }) => decisive) }))
      .filter(({ causes }) => causes.length > 4);
    expect(scattered).toEqual([]);
  });
});

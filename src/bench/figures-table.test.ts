// The table of the documentation has what has a bar, says what is missed, and replaces the one before it.
import { expect, it } from 'vitest';
import type { BenchReport, BenchRow } from './bench.ts';
import { renderFigures, replaceFigures } from './figures-table.ts';

const row = (subject: string, ratio: number, more: Partial<BenchRow> = {}): BenchRow => ({
  ...{ subject, baseline: 'ws', unit: 'deliveries/CPU-s', ours: 221_000.4, theirs: 0.5 },
  ...{ ratio, lowRatio: ratio - 0.1, highRatio: ratio + 0.1, ratios: [ratio] },
  ...more,
});
const BAR = { sense: 'at-least', ratio: 1.7, failsAt: 1 } as const;
const report = (bench: string, rows: readonly BenchRow[]): BenchReport => ({
  ...{ bench, rows, notes: [], startedAt: '2026-11-28T20:00:00.000Z', rounds: 7, isShort: false },
  environment: { node: 'v20.20.2', cpus: 2, cpuModel: 'a CPU', loadBefore: 0.2, loadAfter: 1.44 },
});

it('shows rows with a bar, floors, and where it was measured', () => {
  const rows = [
    row('verified', 1.8, { bar: BAR }),
    row('slower', 1.2, { bar: BAR }),
    row('a floor', 0.9, { isFloor: true }),
    row('only informs', 3),
  ];
  const hot = report('hot-functions', [row('histogram', 0.1, { bar: BAR })]);
  expect(renderFigures([hot, report('receive', rows)])).toBe(
    [
      'Of 2026-11-28: the long form, 7 rounds, 2 cores (a CPU), Node v20.20.2, load of the machine 0.2 to 1.4.',
      '',
      '| bench | what | against | bar | measured | in figures | |',
      '|---|---|---|---|---|---|---|',
      '| `receive` | verified | ws | >= 1.7 x | 1.80 x (1.70 to 1.90) | 221,000 and 0.500 deliveries/CPU-s | met |',
      '| `receive` | slower | ws | >= 1.7 x | 1.20 x (1.10 to 1.30) | 221,000 and 0.500 deliveries/CPU-s | **missed** |',
      '| `receive` | a floor | ws |  | 0.90 x (0.80 to 1.00) | 221,000 and 0.500 deliveries/CPU-s |  |',
    ].join('\n'),
  );
});

it('replaces the figures of a page and leaves the rest', () => {
  const page = 'before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n';
  const replaced = replaceFigures(page, [report('scale', [row('new', 1, { bar: BAR })])]);
  expect(replaced).toMatch(
    /^before\n<!-- figures -->\nOf [\s\S]*\| new \|[\s\S]*\n<!-- end of figures -->\nafter\n$/,
  );
  expect(replaced).not.toContain('old');
  expect(() => replaceFigures('no marks', [])).toThrow('figures');
});

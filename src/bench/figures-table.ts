// The figures of a run as the table of docs/benchmarks.md: every row with a bar, and what others reach beside them.
import { type BenchReport, type BenchRow, describeBar, describeNumber, isHeld } from './bench.ts';

const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->'];
/** Single functions say which of them got slower; they are nobody's figures. */
const LEFT_OUT = 'hot-functions';

/** `page` with the table in place of the one between its marks. */
export function replaceFigures(page: string, reports: readonly BenchReport[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`the page has no ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${renderFigures(reports)}\n${page.slice(end)}`;
}

export function renderFigures(reports: readonly BenchReport[]): string {
  const shown = reports.filter(({ bench }) => bench !== LEFT_OUT);
  const lines = shown.flatMap(({ bench, rows }) =>
    rows.filter((row) => row.bar !== undefined || row.isFloor === true).map((row) => renderRow(bench, row)),
  );
  return [
    describeRun(shown),
    '',
    '| bench | what | against | bar | measured | in figures | |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function describeRun(reports: readonly BenchReport[]): string {
  const [first] = reports;
  if (first === undefined) throw new Error('there are no figures');
  const loads = reports.flatMap(({ environment: { loadBefore, loadAfter } }) => [loadBefore, loadAfter]);
  const { cpus, cpuModel, node } = first.environment;
  const length = reports.some(({ isShort }) => isShort) ? 'the short form' : 'the long form';
  return (
    `Of ${first.startedAt.slice(0, 10)}: ${length}, ${first.rounds} rounds, ${cpus} cores (${cpuModel}), Node ${node}, ` +
    `load of the machine ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`
  );
}

function renderRow(bench: string, row: BenchRow): string {
  const { subject, baseline, bar, ratio, lowRatio, highRatio, unit, ours, theirs } = row;
  const measured = `${ratio.toFixed(2)} x (${lowRatio.toFixed(2)} to ${highRatio.toFixed(2)})`;
  const figures = `${describeNumber(ours)} and ${describeNumber(theirs)} ${unit}`;
  const verdict = bar === undefined ? '' : isHeld(ratio, bar) ? 'met' : '**missed**';
  const wanted = bar === undefined ? '' : describeBar(bar);
  return `| \`${bench}\` | ${subject} | ${baseline} | ${wanted} | ${measured} | ${figures} | ${verdict} |`;
}

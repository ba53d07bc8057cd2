// What a reader came for, first: the verdict, the numbers behind it, thresholds and findings.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { escapeXml } from '../../format/xml-text.ts';
import { findingLines, thresholdRows, verdictLine } from '../facts.ts';
import { section, table } from './parts.ts';

const VERDICT_CLASS: Readonly<Record<LoadtestResult['verdict'], string>> = {
  passed: 'pass',
  failed: 'fail',
  inconclusive: 'warn',
};

const RESULT_CLASS: Readonly<Record<string, string>> = { ok: 'pass', FAIL: 'fail', '?': 'warn' };

export function renderVerdict(result: LoadtestResult): string {
  const [first = '', ...rest] = verdictLine(result).split(/(?=[:(])/);
  const reason = rest.join('').replace(/^:\s*/, '');
  return `<section class="verdict ${VERDICT_CLASS[result.verdict]}" aria-label="Verdict"><strong>${escapeXml(first.trim())}</strong> <span>${escapeXml(reason)}</span></section>`;
}

export function renderTiles(result: LoadtestResult): string {
  const { cohorts, throughput, ledger, isolation } = result;
  const [first] = cohorts;
  const micros = (value: number | undefined) =>
    value === undefined || first?.latencyMicros.count === 0 ? '-' : renderMicros(value);
  const evicted = cohorts.reduce((sum, cohort) => sum + cohort.evicted, 0);
  const clients = cohorts.reduce((sum, cohort) => sum + cohort.connected, 0);
  const tiles: readonly (readonly [string, string])[] = [
    [`p50 ${first?.name ?? ''}`, micros(first?.latencyMicros.p50)],
    [`p99 ${first?.name ?? ''}`, micros(first?.latencyMicros.p99)],
    [`p99.9 ${first?.name ?? ''}`, micros(first?.latencyMicros.p999)],
    ['deliveries/s', renderCount(throughput.deliveriesPerSecond)],
    ['clients', renderCount(clients)],
    ['evicted', renderCount(evicted)],
    ['lost', renderCount(ledger.lost)],
    ['isolation', isolation.ratio === null ? '-' : `${isolation.ratio.toFixed(2)}x`],
  ];
  return `<dl class="tiles">${tiles.map(([name, value]) => `<div><dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd></div>`).join('')}</dl>`;
}

export function renderThresholds(result: LoadtestResult): string {
  const rows = thresholdRows(result);
  const named = { head: ['result', ...rows.head.slice(1)], rows: rows.rows };
  return section(
    'thresholds',
    'Thresholds',
    table(
      'Thresholds',
      named,
      (row, cell) => RESULT_CLASS[cell] ?? (cell === rows.rows[row]?.[1] ? 'expr' : ''),
    ),
  );
}

export function renderFindings(result: LoadtestResult): string {
  const lines = findingLines(result).map(
    (line) => `<li class="${line.startsWith('ERROR') ? 'fail' : 'warn'}">${escapeXml(line)}</li>`,
  );
  return section(
    'findings',
    'Findings',
    lines.length === 0 ? '' : `<ul class="findings">${lines.join('')}</ul>`,
  );
}

// What a reader came for, first: the verdict, the numbers behind it, thresholds and findings.
import type { Finding, LoadtestResult } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderTable } from '../../page/sections.ts';
import { sortedThresholds, thresholdRows, VERDICT_CLASS, VERDICT_WORDS } from '../facts.ts';
import { findingLine, foldFindings } from '../findings.ts';
import { verdictReason } from '../verdict/verdict-reason.ts';

export function renderVerdict(result: LoadtestResult): Html {
  const { verdict } = result;
  return html`<section class="card outcome ${VERDICT_CLASS[verdict]}" aria-label="Verdict"><strong>${VERDICT_WORDS[verdict]}</strong><span>${verdictReason(result)}</span></section>\n`;
}

export function renderTiles(result: LoadtestResult): Html {
  const { cohorts, throughput, ledger, isolation } = result;
  const [first] = cohorts;
  const micros = (value: number | undefined) =>
    value === undefined || first?.latencyMicros.count === 0 ? '-' : renderMicros(value);
  const evicted = cohorts.reduce((sum, cohort) => sum + cohort.evicted, 0);
  const clients = cohorts.reduce((sum, cohort) => sum + cohort.connected, 0);
  return renderTileList([
    { name: `p50 ${first?.name ?? ''}`, value: micros(first?.latencyMicros.p50) },
    { name: `p99 ${first?.name ?? ''}`, value: micros(first?.latencyMicros.p99) },
    { name: `p99.9 ${first?.name ?? ''}`, value: micros(first?.latencyMicros.p999) },
    { name: 'deliveries/s', value: renderCount(throughput.deliveriesPerSecond) },
    { name: 'clients', value: renderCount(clients) },
    { name: 'evicted', value: renderCount(evicted) },
    { name: 'lost', value: renderCount(ledger.lost) },
    { name: 'isolation', value: isolation.ratio === null ? '-' : `${isolation.ratio.toFixed(2)}x` },
  ]);
}

/** A number each, large. The live page has the same. */
export function renderTileList(tiles: readonly { readonly name: string; readonly value: string }[]): Html {
  const items = tiles.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="tiles" id="figures">${items}</dl>\n`;
}

export function renderThresholds(result: LoadtestResult): Html {
  const { head, rows } = thresholdRows(result);
  const outcomes = sortedThresholds(result).map(({ ok, isDecided }) =>
    ok ? 'pass' : isDecided ? 'fail' : 'warn',
  );
  const named = { head: ['result', ...head.slice(1)], rows };
  return renderTable('Thresholds', named, {
    isText: true,
    cellClass: (row, column) => (column === 0 ? (outcomes[row] ?? '') : column === 1 ? 'expr' : ''),
  });
}

export function renderFindings(result: LoadtestResult): Html {
  if (result.findings.length === 0) return NOTHING;
  const item = (finding: Finding, below: Html) =>
    html`<li class="${finding.severity === 'error' ? 'fail' : 'warn'}">${findingLine(finding)}${below}</li>`;
  const lines = foldFindings(result).map(({ finding, consequences }) =>
    item(finding, renderConsequences(consequences.map((one) => item(one, NOTHING)))),
  );
  return html`<ul class="findings">${lines}</ul>`;
}

function renderConsequences(items: readonly Html[]): Html {
  if (items.length === 0) return NOTHING;
  return html`<details><summary>What follows from it: ${items.length}</summary><ul class="findings">${items}</ul></details>`;
}

// What each fault cost, for the page: who was dropped and came back, how the hub took it, and latency.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderTable } from '../../page/sections.ts';
import { faultProblems } from '../faults/describe-fault.ts';
import { faultTables } from '../faults/fault-rows.ts';

export function renderFaults(result: LoadtestResult): Html {
  if (result.faults === undefined) return NOTHING;
  const tables = faultTables(result)
    .filter(({ rows }) => rows.rows.length > 0)
    .map(({ title, rows }, at) => html`${at > 0 && html`<h3>${title}</h3>`}${renderTable(title, rows)}`);
  const problems = faultProblems(result).map((line) => html`<li class="warn">${line}</li>`);
  return html`<p class="quiet">Dropped clients lost their connection because of the fault. They are back when they have a connection and an event again; what was published in between, they missed. A fault is at a time since the start of the run; at= counts from the start of the measured time. Other times count from the beginning of the fault, times to reconnect from the end of a connection.</p>
${problems.length > 0 && html`<ul class="findings">${problems}</ul>`}${tables}
<p class="quiet">Latency is that of clients that read at once, as the median of up to 30 seconds before and after; it has settled when it is within 1.5 x of before.</p>`;
}

// The evictions of a load test: which clients the hub ended and how, and for the typical one of each cohort where its
// messages were and how long each step took. 20,000 evictions are groups and a few rows, never 20,000 rows.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { anatomyTable } from '../../anatomy/anatomy-table.ts';
import { describeAnatomy } from '../../anatomy/describe-anatomy.ts';
import { type EvictedClient, type TypicalEviction, typicalEvictions } from '../../anatomy/evicted-client.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderBar, renderTable } from '../../page/sections.ts';
import { evictedClients } from '../evicted-clients.ts';
import { evictionRows } from '../facts.ts';

export function renderEvictions(result: LoadtestResult): Html {
  const clients = evictedClients(result);
  if (clients.length === 0) return NOTHING;
  return html`${renderTable('Evictions by cohort and how they showed', evictionRows(result))}
${typicalEvictions(clients).map(renderAnatomy)}${renderListed(clients)}`;
}

function renderAnatomy(eviction: TypicalEviction): Html {
  const { overflow, messages, steps } = describeAnatomy(eviction);
  return html`<h3>${eviction.who}: the typical eviction of its cohort</h3>
<div class="columns"><div><p>Where its messages were. ${overflow}</p>${renderBar(messages)}</div><div><p>How long each step took, from when it stopped reading.</p>${renderBar(steps)}</div></div>`;
}

function renderListed(clients: readonly EvictedClient[]): Html {
  const { title, ...rows } = anatomyTable(clients);
  return html`<details><summary>${title} (all are in loadtest.json); times from the start of measuring</summary>${renderTable('Evictions one by one', rows)}</details>`;
}

// The anatomy of an eviction: which clients the hub ended and how, and for the typical one of each cohort where its
// messages were and what took how long. 20,000 evictions are groups and a few rows, never 20,000 rows.
import type { EvictionAnatomy } from '../../../ledger/eviction-anatomy.ts';
import type { Eviction, LoadtestResult } from '../../../load/result/result.ts';
import { renderDurationMillis } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { anatomyTable } from '../../anatomy/anatomy-table.ts';
import { type ToldEviction, typicalEvictions } from '../../anatomy/typical-eviction.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { type BarPart, renderBar, renderTable } from '../../page/sections.ts';
import { evictionRows } from '../facts.ts';

export function renderEvictions(result: LoadtestResult): Html {
  const { evictions } = result;
  if (evictions.length === 0) return NOTHING;
  return html`${renderTable('Evictions by cohort and how they showed', evictionRows(result))}
${typicalEvictions(evictions).map(renderAnatomy)}${renderListed(evictions)}`;
}

function renderAnatomy({ cohort, client, stalledAfterMessages, anatomy }: ToldEviction): Html {
  const { tippedByEvent } = anatomy;
  const tipped = tippedByEvent !== null && ` Event ${renderCount(tippedByEvent)} overflowed the queue.`;
  return html`<h3>${cohort}: the typical eviction, client ${client}</h3>
<div class="columns"><div><p>Where its messages were.${tipped}</p>${renderBar(messageParts(stalledAfterMessages, anatomy))}</div><div><p>How long each step took, from when it stopped reading.</p>${renderBar(timeParts(anatomy))}</div></div>`;
}

function messageParts(readMessages: number, anatomy: EvictionAnatomy): BarPart[] {
  const { kernelMessages, kernelBytes, queuedMessages, queuedBytes } = anatomy;
  const sized = (messages: number, bytes: number) =>
    `${renderCount(messages)} messages, ${renderBytes(bytes)}`;
  return [
    { kind: 'read', name: 'read', size: readMessages, text: `${renderCount(readMessages)} messages` },
    {
      kind: 'kernels',
      name: 'held by the kernels',
      size: kernelMessages,
      text: `${sized(kernelMessages, kernelBytes)}${kernelSides(anatomy)}`,
    },
    {
      kind: 'queued',
      name: 'queued in the hub',
      size: queuedMessages,
      text: sized(queuedMessages, queuedBytes),
    },
  ];
}

function timeParts({
  stallToQueueMillis,
  queueToOverflowMillis,
  overflowToClosedMillis,
}: EvictionAnatomy): BarPart[] {
  const step = (kind: string, name: string, millis: number | null): BarPart => ({
    kind,
    name,
    size: millis ?? 0,
    text: millis === null ? 'not known' : renderDurationMillis(millis),
  });
  return [
    step('kernels', 'until the hub’s queue began to fill', stallToQueueMillis),
    step('queued', 'until it was full', queueToOverflowMillis),
    step('waited', 'until the socket was closed', overflowToClosedMillis),
  ];
}

function kernelSides({ clientKernelBytes, hubKernelBytes }: EvictionAnatomy): string {
  // Missing in files from before they were measured.
  if (clientKernelBytes == null || hubKernelBytes == null) return '';
  return ` (the client’s ${renderBytes(clientKernelBytes)}, the hub’s ${renderBytes(hubKernelBytes)})`;
}

function renderListed(evictions: readonly Eviction[]): Html {
  const { title, ...rows } = anatomyTable(
    evictions.map((one) => ({
      who: `${one.cohort}, client ${one.client}`,
      stalledAtMillis: one.stalledAtMillis,
      readMessages: one.stalledAtMillis === null ? null : one.stalledAfterMessages,
      anatomy: one.anatomy ?? null,
      endedAtMillis: one.endedAtMillis,
      messages: one.messages,
      bytes: one.bytes,
      how: one.how,
    })),
  );
  return html`<details><summary>${title} (all are in loadtest.json); times from the start of measuring</summary>${renderTable('Evictions one by one', rows)}</details>`;
}

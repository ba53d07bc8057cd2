// The anatomy of an eviction: which clients the hub ended and how, and for the typical one of each cohort where its
// messages were and what took how long. 20,000 evictions are groups and a few rows, never 20,000 rows.
import type { EvictionAnatomy } from '../../../ledger/eviction-anatomy.ts';
import type { Eviction, LoadtestResult } from '../../../load/result/result.ts';
import { renderDurationMillis } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { anatomyTable } from '../../anatomy/anatomy-table.ts';
import { type ToldEviction, typicalEvictions } from '../../anatomy/typical-eviction.ts';
import { escapeXml } from '../../format/xml-text.ts';
import { evictionRows } from '../facts.ts';
import { section, table } from './parts.ts';

export function renderEvictions(result: LoadtestResult): string {
  const { evictions } = result;
  return section(
    'evictions',
    'Anatomy of the evictions',
    table('Evictions by cohort and how they showed', evictionRows(result)),
    ...typicalEvictions(evictions).map(renderAnatomy),
    listed(evictions),
  );
}

interface Part {
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly text: string;
}

function renderAnatomy({ cohort, client, stalledAfterMessages, anatomy }: ToldEviction): string {
  const { kernelMessages, kernelBytes, queuedMessages, queuedBytes, tippedByEvent } = anatomy;
  const messages: Part[] = [
    part('read', 'read', stalledAfterMessages, `${renderCount(stalledAfterMessages)} messages`),
    part(
      'kernels',
      'held by the kernels',
      kernelMessages,
      `${renderCount(kernelMessages)} messages, ${renderBytes(kernelBytes)}${kernelSides(anatomy)}`,
    ),
    part(
      'queued',
      'queued in the hub',
      queuedMessages,
      `${renderCount(queuedMessages)} messages, ${renderBytes(queuedBytes)}`,
    ),
  ];
  const millis = (value: number | null) => (value === null ? 'not known' : renderDurationMillis(value));
  const times: Part[] = [
    part(
      'kernels',
      'until the hub’s queue began to fill',
      anatomy.stallToQueueMillis ?? 0,
      millis(anatomy.stallToQueueMillis),
    ),
    part(
      'queued',
      'until it was full',
      anatomy.queueToOverflowMillis ?? 0,
      millis(anatomy.queueToOverflowMillis),
    ),
    part(
      'waited',
      'until the socket was closed',
      anatomy.overflowToClosedMillis ?? 0,
      millis(anatomy.overflowToClosedMillis),
    ),
  ];
  const tipped = tippedByEvent === null ? '' : ` Event ${renderCount(tippedByEvent)} was one too many.`;
  return `<h3>${escapeXml(cohort)}: the typical one, client ${client}</h3>
<div class="columns"><div><p>Where its messages were.${tipped}</p>${bar(messages)}</div><div><p>What took how long, from when it stopped reading.</p>${bar(times)}</div></div>`;
}

function kernelSides({ clientKernelBytes, hubKernelBytes }: EvictionAnatomy): string {
  // Absent in files of before they were measured.
  if (clientKernelBytes == null || hubKernelBytes == null) return '';
  return ` (the client’s ${renderBytes(clientKernelBytes)}, the hub’s ${renderBytes(hubKernelBytes)})`;
}

function part(kind: string, name: string, size: number, text: string): Part {
  return { kind, name, size, text };
}

function bar(parts: readonly Part[]): string {
  const spans = parts
    .filter(({ size }) => size > 0)
    .map(({ kind, size }) => `<span class="${kind}" style="flex:${size}"></span>`);
  const key = parts.map(
    ({ kind, name, text }) =>
      `<li><i class="${kind}"></i>${escapeXml(name)}: <strong>${escapeXml(text)}</strong></li>`,
  );
  return `<div class="bar" aria-hidden="true">${spans.join('')}</div><ul class="key">${key.join('')}</ul>`;
}

function listed(evictions: readonly Eviction[]): string {
  if (evictions.length === 0) return '';
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
  return `<details><summary>${title} (all are in loadtest.json); times from the start of measuring</summary>${table('Evictions one by one', rows)}</details>`;
}

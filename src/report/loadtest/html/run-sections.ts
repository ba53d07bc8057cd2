// The sections behind the charts: cohorts, isolation, generator, hub, HTTP side and environment. Numbers and their
// wording come from facts.ts, as in every other report.
import type { LoadtestResult, ProcessHealth } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderBytes } from '../../../units/size.ts';
import { type Html, type HtmlValue, html } from '../../format/html.ts';
import type { Rows } from '../../format/rows.ts';
import { renderFacts, renderTable } from '../../page/sections.ts';
import { workerWords } from '../../plan-words.ts';
import { targetWords } from '../../target-words.ts';
import { agentLines, agentRows } from '../agents/agent-rows.ts';
import { percentileMicros } from '../charts/spectrum.ts';
import { addressFacts } from '../connections/address-lines.ts';
import { compressionLines } from '../connections/compression-lines.ts';
import { tlsLines } from '../connections/tls-lines.ts';
import { cohortRows, httpRows, isolationLine, originLine, planLine, publishingLines } from '../facts.ts';
import { ledgerLine } from '../ledger-line.ts';
import { targetLines, targetRows } from '../targets/target-rows.ts';

export function renderCohorts(result: LoadtestResult): Html {
  return html`${renderTable('Cohorts', cohortRows(result))}${renderTargets(result)}${renderAgents(result)}
<h3>Percentiles</h3>
${renderTable('Latency percentiles by cohort', percentileRows(result))}
<p class="quiet">${ledgerLine(result)}</p>
${[...tlsLines(result), ...compressionLines(result)].map((line) => html`<p class="quiet">${line}</p>`)}`;
}

function renderTargets(result: LoadtestResult): Html | false {
  return (
    result.targets !== undefined &&
    html`<h3>Targets</h3>${renderTable('Targets', targetRows(result))}${targetLines(result).map((line) => html`<p class="quiet">${line}</p>`)}`
  );
}

function renderAgents(result: LoadtestResult): Html | false {
  return (
    result.agents !== undefined &&
    html`<h3>Agents</h3>${renderTable('Agents', agentRows(result))}${agentLines(result).map((line) => html`<p class="quiet">${line}</p>`)}`
  );
}

const FRACTIONS = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/** The spectrum in numbers, for those who cannot see the chart. */
function percentileRows({ cohorts }: LoadtestResult): Rows {
  return {
    head: [
      'cohort',
      ...FRACTIONS.map((fraction) => `p${Number((fraction * 100).toFixed(3))}`),
      'max',
      'reads',
    ],
    rows: cohorts
      .filter(({ latencyMicros }) => latencyMicros.count > 0)
      .map(({ name, behaviour, histogram, latencyMicros }) => [
        name,
        ...FRACTIONS.map((fraction) =>
          1 / (1 - fraction) > latencyMicros.count * 1.0001
            ? '-'
            : renderMicros(percentileMicros(histogram, fraction) ?? 0),
        ),
        renderMicros(latencyMicros.max),
        behaviour,
      ]),
  };
}

export function renderIsolation(result: LoadtestResult): Html {
  const { baselineP99Micros: before, loadedP99Micros: after } = result.isolation;
  const most = Math.max(before ?? 0, after ?? 0, 1);
  const bar = (label: string, value: number | null, kind: string) =>
    value === null
      ? html`<p class="quiet">${label}: not measured</p>`
      : html`<div>${label}: <strong>${renderMicros(value)}</strong></div><div class="bar" aria-hidden="true"><span class="${kind}" style="width:${((value / most) * 100).toFixed(1)}%"></span></div>`;
  return html`<p class="quiet">The p99 of the fast clients (median over seconds) without and with slow clients connected: a slow client must not slow the others.</p>
${bar('without slow clients', before, 'waited')}${bar('with slow clients', after, 'kernels')}
<p>${isolationLine(result)}</p>`;
}

export function renderGenerator(result: LoadtestResult): Html {
  const { generator, lateness } = result;
  const row = (name: string, health: ProcessHealth) => [
    name,
    `${health.cpuSeconds.toFixed(1)} s`,
    `${Math.round(health.utilization * 100)} %`,
    health.starvedShare === undefined ? '-' : `${Math.round(health.starvedShare * 100)} %`,
    renderMicros(health.eventLoopDelayMicros.p99),
    renderMicros(health.eventLoopDelayMicros.max),
    renderBytes(health.rssBytes),
  ];
  const processes = {
    head: ['process', 'CPU', 'busy', 'starved', 'loop delay p99', 'max', 'memory'],
    rows: [
      row('coordinator', generator.coordinator),
      ...generator.workers.map((worker, at) => row(worker.name ?? `worker ${at + 1}`, worker)),
      ...(generator.forwarders ?? []).map((forwarder) => row('forwarder', forwarder)),
    ],
  };
  const late =
    lateness.count > 0 &&
    html`<p class="quiet">Events were sent late by p50 ${renderMicros(lateness.p50)}, p99 ${renderMicros(lateness.p99)}, at most ${renderMicros(lateness.max)}; latency counts from when they were due.</p>`;
  return html`${renderGeneratorVerdict(generator)}
<p class="quiet">The clients ran${workerWords(result.plan)}.</p>
${renderTable('Processes of the generator', processes)}${late}${publishingLines(result).map((line) => html`<p class="quiet">${line}</p>`)}`;
}

function renderGeneratorVerdict({ limited, reasons }: LoadtestResult['generator']): Html {
  return limited
    ? html`<p class="warn">The generator was overloaded: ${reasons.join('; ')}. Times say more about this machine than about the hub.</p>`
    : html`<p class="pass">The generator kept up: the times are the hub’s.</p>`;
}

export function renderHub(result: LoadtestResult): Html {
  const { hub } = result;
  const process =
    hub === null
      ? html`<p class="quiet">Memory and CPU of the hub could not be read: the kit does not know its process. Give --pid for a hub on this machine.</p>`
      : renderFacts([
          ['CPU', `${hub.cpuSeconds.toFixed(1)} s`],
          ['memory at the end', renderBytes(hub.rssBytes)],
          ['descriptors', String(hub.descriptors)],
        ]);
  return html`${process}<p>${originLine(result)}.</p>${renderTable('HTTP side', httpRows(result))}`;
}

export function renderEnvironment(result: LoadtestResult): Html {
  const { environment, plan, target, kit, seed, command = '' } = result;
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ['target', targetWords(target)],
    ...addressFacts(result),
    ['plan', `${planLine(result)}, after ${plan.warmupMillis / 1e3} s of warm-up`],
    ...plan.cohorts.map(
      ({ name, clients, behaviour }) => [`cohort ${name}`, `${clients} x ${behaviour}`] as const,
    ),
    ['seed', String(seed)],
    [
      'machine',
      `${environment.cores} x ${environment.cpu}, ${renderBytes(environment.memoryBytes)}, ${environment.platform}`,
    ],
    ['Node', environment.node],
    ['started', result.startedAt],
    ['made by', `${kit.name} ${kit.version}`],
  ];
  const again =
    command !== '' &&
    html`<h3>Run it again</h3><pre id="command">${command}</pre><button type="button" class="copy" data-from="command">copy</button>`;
  return html`${renderFacts(facts)}${again}`;
}

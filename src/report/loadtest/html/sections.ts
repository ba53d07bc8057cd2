// The sections behind the charts: cohorts, evictions, isolation, generator, hub, HTTP side and environment. Numbers
// and their rendering come from loadtest-facts.ts, as in every other report.
import type { LoadtestResult, ProcessHealth } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderBytes } from '../../../units/size.ts';
import { escapeXml } from '../../format/xml-text.ts';
import { percentileMicros } from '../charts/spectrum.ts';
import { cohortRows, figureLines, httpRows } from '../facts.ts';
import { facts, section, table } from './parts.ts';

export function renderCohorts(result: LoadtestResult): string {
  return section(
    'cohorts',
    'Cohorts',
    table('Cohorts', cohortRows(result)),
    '<h3>Percentiles</h3>',
    table('Latency percentiles by cohort', percentileRows(result)),
    `<p class="quiet">${escapeXml(figureLines(result)[0] ?? '')}</p>`,
  );
}

const FRACTIONS = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/** The spectrum in numbers, for those who cannot see the chart. */
function percentileRows({ cohorts }: LoadtestResult) {
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

export function renderIsolation({ isolation }: LoadtestResult): string {
  const { baselineP99Micros: before, loadedP99Micros: after, ratio } = isolation;
  const most = Math.max(before ?? 0, after ?? 0, 1);
  const bar = (label: string, value: number | null, kind: string) =>
    value === null
      ? `<p class="quiet">${label}: not measured</p>`
      : `<div>${label}: <strong>${renderMicros(value)}</strong></div><div class="bar" aria-hidden="true"><span class="${kind}" style="width:${((value / most) * 100).toFixed(1)}%"></span></div>`;
  return section(
    'isolation',
    'Isolation',
    '<p class="quiet">The fast clients’ p99 (median over seconds) without and with slow clients connected: a slow client must not slow the others.</p>',
    bar('without slow clients', before, 'waited'),
    bar('with slow clients', after, 'kernels'),
    `<p>${ratio === null ? 'No ratio: it needs 3 s of each.' : `With slow clients <strong>${ratio.toFixed(2)}x</strong> of without.`}</p>`,
  );
}

export function renderGenerator({ generator, lateness }: LoadtestResult): string {
  const row = (name: string, health: ProcessHealth) => [
    name,
    `${health.cpuSeconds.toFixed(1)} s`,
    `${Math.round(health.utilization * 100)} %`,
    health.starvedShare === undefined ? '-' : `${Math.round(health.starvedShare * 100)} %`,
    renderMicros(health.eventLoopDelayMicros.p99),
    renderMicros(health.eventLoopDelayMicros.max),
    renderBytes(health.rssBytes),
  ];
  return section(
    'generator',
    'Generator health',
    generator.limited
      ? `<p class="warn">The generator was the limit: ${escapeXml(generator.reasons.join('; '))}. Times say more about this machine than about the hub.</p>`
      : '<p class="pass">The generator kept up: times are the hub’s.</p>',
    table('Processes of the generator', {
      head: ['process', 'CPU', 'busy', 'starved', 'loop delay p99', 'max', 'memory'],
      rows: [
        row('coordinator', generator.coordinator),
        ...generator.workers.map((worker, at) => row(`worker ${at + 1}`, worker)),
      ],
    }),
    lateness.count === 0
      ? ''
      : `<p class="quiet">Events were sent late by p50 ${renderMicros(lateness.p50)}, p99 ${renderMicros(lateness.p99)}, at most ${renderMicros(lateness.max)}; latency counts from when they were due.</p>`,
  );
}

export function renderHub(result: LoadtestResult): string {
  const { hub, origin } = result;
  const wrong = origin.filter(({ ok }) => !ok);
  return section(
    'hub',
    'Hub',
    hub === null
      ? '<p class="quiet">Memory and CPU of the hub could not be read: it is not a process of this machine that the kit knows (give --pid).</p>'
      : facts([
          ['CPU', `${hub.cpuSeconds.toFixed(1)} s`],
          ['memory at the end', renderBytes(hub.rssBytes)],
          ['descriptors', String(hub.descriptors)],
        ]),
    `<p>Origin rule: ${origin.length - wrong.length} of ${origin.length} origins judged as the protocol says${wrong.length === 0 ? '.' : `; not ${escapeXml(wrong.map((one) => `${one.origin ?? 'no Origin'} (${one.status ?? 'no answer'}, should be ${one.expected})`).join(', '))}.`}</p>`,
    table('HTTP side', httpRows(result)),
  );
}

export function renderEnvironment(result: LoadtestResult, id: string): string {
  const { environment, plan, target, kit, seed } = result;
  const rate = plan.ratePerSecond === null ? `${plan.speed}x` : `${plan.ratePerSecond} events/s`;
  const command = result.command ?? '';
  return section(
    'environment',
    'Run and environment',
    facts([
      ['target', `${target.url} (${target.adapter})`],
      [
        'plan',
        `${plan.scenarios.join(', ')} at ${rate} for ${plan.durationMs / 1e3} s, after ${plan.warmupMillis / 1e3} s warm-up`,
      ],
      ...plan.cohorts.map(
        (cohort) => [`cohort ${cohort.name}`, `${cohort.clients} x ${cohort.behaviour}`] as const,
      ),
      ['seed', String(seed)],
      [
        'machine',
        `${environment.cores} x ${environment.cpu}, ${renderBytes(environment.memoryBytes)}, ${environment.platform}`,
      ],
      ['Node', environment.node],
      ['started', result.startedAt],
      ['made by', `${kit.name} ${kit.version}`],
    ]),
    command === ''
      ? ''
      : `<h3>Again</h3><pre id="${id}">${escapeXml(command)}</pre><button type="button" class="copy" data-from="${id}">copy</button>`,
  );
}

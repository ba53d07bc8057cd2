// Every report on a load test: each says what loadtest.json says, and nothing in a name breaks out of it.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { LoadtestResult } from '../../load/result/result.ts';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import { renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { LOADTEST_REPORTERS, type LoadtestReporter } from './reporter-names.ts';
import { LOADTEST_FORMS } from './reporters.ts';

const NASTY = '</script><img src=x> ]]> & "q" \u0000 | ::error::x\n::error::y';

const failed = buildShownResult(
  { seconds: 30, evictions: 20 },
  {
    verdict: 'failed',
    command: 'norn-loadtest --clients 200',
    thresholds: [
      { expr: 'latency.p99<50ms', observed: 61_234, rendered: '61.2 ms', ok: false, isDecided: true },
      { expr: 'lost==0', observed: 0, rendered: '0', ok: true, isDecided: true },
      { expr: 'latency.p50<1ms', observed: 2_000, rendered: '2 ms', ok: false, isDecided: false },
    ],
    findings: [
      { name: 'corrupted', severity: 'error', cohort: 'fast', message: NASTY },
      { name: 'saga-order', severity: 'warning', message: 'a step came before its deploy' },
    ],
  },
);
const render = (name: LoadtestReporter, result: LoadtestResult = failed) =>
  LOADTEST_FORMS[name].render(result);
const read: LoadtestResult = JSON.parse(render('json'));

/** Attributes of every element of that name. */
function elements(xml: string, tag: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) walk(each);
    else if (typeof node === 'object' && node !== null)
      for (const [key, value] of Object.entries(node)) {
        if (key === tag) found.push(...[value].flat());
        walk(value);
      }
  };
  walk(new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml));
  return found;
}

describe('the addresses of a hub', () => {
  const url = 'ws://hub.example:8800/ws';
  const addresses = [
    { url, address: '10.0.0.1', isAnswering: true, clients: 1_234 },
    { url, address: '10.0.0.2', isAnswering: false, clients: 0 },
  ];

  it.each(['terminal', 'markdown', 'html'] as const)('are in %s', (name) => {
    const text = render(name, { ...failed, addresses });
    expect(text).toContain(`clients of ${url}: 1,234 at 10.0.0.1, none at 10.0.0.2, where nothing listens`);
    expect(render(name)).not.toContain('clients of');
  });

  it('are properties in JUnit', () => {
    expect(render('junit', { ...failed, addresses })).toMatch(
      /addresses\.10\.0\.0\.1\.clients" value="1234"/,
    );
  });
});

describe('the addresses of the clients', () => {
  const from = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ address: `127.0.0.${at + 1}`, clients: 1_800 + (at % 2) }));

  it.each(['terminal', 'markdown', 'html'] as const)('are in %s, with why there are several', (name) => {
    expect(render(name, { ...failed, sources: from(2) })).toContain(
      '1,800 from 127.0.0.1, 1,801 from 127.0.0.2, so that none needs more than half of its ports',
    );
    const plan = { ...failed.plan, localAddresses: ['127.0.0.1-127.0.0.30'] };
    const given = render(name, { ...failed, plan, sources: from(30) });
    expect(given).toContain('30 addresses, 127.0.0.1 to 127.0.0.30, 1,800 to 1,801 clients each');
    expect(given).not.toContain('half of its ports');
    expect(render(name)).not.toContain('local addresses');
  });
});

describe('the workers', () => {
  it.each(['terminal', 'markdown', 'html'] as const)('are counted in %s, with the reason', (name) => {
    const plan = { ...failed.plan, workers: 4, workersReason: 'each may open 20000 descriptors' };
    expect(render(name, { ...failed, plan })).toContain(' in 4 workers (each may open 20000 descriptors)');
  });
});

describe('several hubs', () => {
  const [fast] = failed.cohorts;
  if (fast === undefined) throw new Error('there is a cohort');
  const { name: _, behaviour: __, histogram: ___, returned = 0, ...counts } = fast;
  const skewMicros = { ...fast.latencyMicros, p99: 7_654 };
  const targets = [1, 2].map((target) => ({
    ...counts,
    returned,
    target,
    url: `ws://hub-${target}.example/ws`,
    adapter: 'http',
    isPublishedAt: target === 1,
    lost: 4_321 * (target - 1),
    skewMicros,
    resources: null,
  }));
  const spread: LoadtestResult = { ...failed, targets, skewMicros };

  it.each(['terminal', 'markdown', 'html', 'junit'] as const)(
    'are in %s, each with what was lost',
    (name) => {
      const text = render(name, spread);
      expect(text).toContain('ws://hub-2.example/ws');
      expect(text).toContain(name === 'junit' ? 'targets.2.lost" value="4321"' : '4,321');
      expect(text).toContain(name === 'junit' ? '7654' : renderMicros(7_654));
      expect(render(name)).not.toContain('ws://hub-2.example/ws');
    },
  );
});

describe('agents', () => {
  const agents = ['near', 'far'].map((name, at) => ({
    ...{ name, host: `${name}.example`, workers: 2, clients: 7_654 * at, received: 4_321, lost: 0 },
    ...{ cpuSeconds: 1, eventLoopDelayMicros: { p99: 10, max: 20 }, clockErrorMicros: 4_500 * at },
    ...(at === 1 && { resentMessages: 12, unknownLatencies: 34, lostBecause: 'agent far is lost' }),
  }));

  const latency = { count: 2_000, p50: 1, p90: 2, p99: 18_000, p999: 4, max: 5, mean: 1 };
  const latencyBoundsMicros = { lower: latency, upper: { ...latency, p99: 21_000 } };

  it.each(['terminal', 'markdown', 'html'] as const)('show what the clocks leave open in %s', (name) => {
    const [cohort] = failed.cohorts;
    const text = (bounds: object) =>
      render(name, { ...failed, agents, cohorts: [{ ...cohort, latencyBoundsMicros: bounds }] as never });
    const open = `latencies of ${cohort?.name}: p99 is 18 ms at least, and 21 ms at most`;
    expect(text(latencyBoundsMicros)).toContain(open);
    const own = { ...latency, count: 1_000, p99: 19_000 };
    expect(text({ ...latencyBoundsMicros, own })).toContain(
      `${open}; 19 ms for the 1,000 that one clock measured`,
    );
    expect(text({ lower: latency, upper: latency, own: latency })).not.toContain('at least, and');
  });

  it.each(['terminal', 'markdown', 'html'] as const)('are a table in %s', (name) => {
    const text = render(name, { ...failed, agents, startSpreadMicros: 1_900 });
    for (const shown of [
      'near.example',
      'far (lost)',
      '7,654',
      '± 4.5 ms',
      'sent again: far 12',
      'too late who published: far 34',
      'within 1.9 ms of',
    ])
      expect(text).toContain(shown);
    expect(render(name)).not.toContain('near.example');
  });

  it.each(['terminal', 'markdown', 'html'] as const)('that publish are counted in %s', (name) => {
    const publishing = { requests: 9, accepted: 5_000, refused: 0, unanswered: 0, byAgents: 4_690 };
    const answered = { ...publishing, latencyMicros: latency, longest: null, refusals: [] };
    const publishers = agents.map((agent) => ({ ...agent, publishedEvents: 2_345 }));
    const text = render(name, { ...failed, publishing: answered, agents: publishers });
    expect(text).toContain('2,345');
    expect(text).toContain('(4,690 published by agents)');
    expect(text).toContain('than the publisher may be wrong by 9 ms');
    expect(render(name, { ...failed, agents })).not.toContain('published by agents');
  });

  it('are named where the page lists the processes of the generator', () => {
    const [health] = failed.generator.workers;
    if (health === undefined) throw new Error('there is one');
    const workers = [{ ...health, name: 'worker 2 of agent far' }];
    const text = render('html', { ...failed, agents, generator: { ...failed.generator, workers } });
    expect(text).toContain('worker 2 of agent far');
  });

  it('are properties in JUnit', () => {
    const text = render('junit', { ...failed, agents, startSpreadMicros: 1_900 });
    for (const [name, value] of [
      ['agents.far.clients', '7654'],
      ['agents.far.lostBecause', 'agent far is lost'],
      ['agents.near.clockErrorMicros', '0'],
      ['startSpreadMicros', '1900'],
    ])
      expect(text).toContain(`<property name="${name}" value="${value}"`);
  });

  it.each(['terminal', 'markdown', 'html', 'junit'] as const)(
    'that are lost leave deliveries unaccounted for in %s',
    (name) => {
      const ledger = { ...failed.ledger, unaccounted: 123_456 };
      const cohorts = failed.cohorts.map((cohort) => ({
        ...cohort,
        unaccountedClients: 7,
        unaccounted: 123_456,
      }));
      const text = render(name, { ...failed, agents, ledger, cohorts });
      expect(text).toContain(name === 'junit' ? '123456' : '123,456');
      if (name !== 'junit')
        expect(text).toContain(
          'unaccounted (owed, at most, to clients whose worker process or agent was lost)',
        );
      expect(render(name)).not.toContain('unaccounted');
    },
  );
});

describe('the reports on a load test', () => {
  it.each(['terminal', 'markdown', 'html', 'junit'] as const)('%s has the numbers of the JSON', (name) => {
    const text = render(name);
    const fast = read.cohorts[0];
    if (fast === undefined) throw new Error('there is a cohort');
    // JUnit gives numbers to programs, the others to people.
    const shown =
      name === 'junit'
        ? [
            read.ledger.received,
            read.throughput.deliveriesPerSecond,
            fast.latencyMicros.p99,
            fast.evicted,
          ].map(String)
        : [
            renderCount(read.ledger.received),
            renderCount(read.throughput.deliveriesPerSecond),
            renderMicros(fast.latencyMicros.p99),
            renderCount(fast.evicted),
          ];
    for (const number of shown) expect(text).toContain(number);
    for (const { rendered } of read.thresholds) expect(text).toContain(rendered);
  });

  it.each(LOADTEST_REPORTERS)('%s says that the run failed', (name) => {
    expect(render(name)).toMatch(/fail/i);
  });

  it('junit is XML with a failure for what is broken, and an error for what cannot be said', () => {
    const text = render('junit');
    expect(XMLValidator.validate(text)).toBe(true);
    const cases = elements(text, 'testcase');
    const named = (name: string) => cases.find((each) => each.name === name);
    expect(named('latency.p99&lt;50ms') ?? named('latency.p99<50ms')).toHaveProperty('failure');
    expect(named('latency.p50&lt;1ms') ?? named('latency.p50<1ms')).toHaveProperty('error');
    expect(Object.keys(named('lost==0') ?? {})).toEqual(['name', 'classname', 'time']);
    expect(named('corrupted')).toHaveProperty('failure');
    expect(named('saga-order')).toHaveProperty('system-out');
    const [total] = elements(text, 'testsuites');
    expect(total).toMatchObject({ tests: String(cases.length), failures: '3', errors: '1' });
  });

  it('github annotations stay on their line', () => {
    const lines = render('github').trimEnd().split('\n');
    expect(lines.every((line) => /^::(error|warning|notice) title=[^:]*::/.test(line))).toBe(true);
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(3);
    expect(render('github')).toContain('again: norn-loadtest --clients 200');
  });

  it('badge has the verdict, its color, and the numbers of the JSON', () => {
    const badge = JSON.parse(render('badge'));
    expect(badge).toMatchObject({ schemaVersion: 1, label: 'load test', color: 'red' });
    expect(badge.message).toContain(renderCount(read.throughput.deliveriesPerSecond));
    const held = JSON.parse(render('badge', buildShownResult()));
    expect(held.color).toBe('brightgreen');
  });
});

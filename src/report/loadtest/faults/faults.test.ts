// What reports say of faults: rows, sentences, marks and the chart of returns.
import { describe, expect, it } from 'vitest';
import type { FaultResult } from '../../../load/result/faults/fault-result.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { buildFault, buildShownResult } from '../../../testing/builders/shown-result-builder.ts';
import { foldPageData } from '../charts/charts.ts';
import { renderLoadtestHtml } from '../html/page.ts';
import { LOADTEST_FORMS } from '../reporters.ts';
import { describeFault } from './describe-fault.ts';
import { faultTables } from './fault-rows.ts';

const withFaults = (...faults: readonly FaultResult[]): LoadtestResult =>
  buildShownResult({ seconds: 60, evictions: 3, faults: 1 }, { faults });
const restart = buildFault(0, 20_000);
/** Nobody was dropped, and nothing was measured. */
const freeze = buildFault(1, 40_000, {
  ...{ kind: 'freeze', fault: 'freeze for=3s', endedAtMillis: 43_000, dropped: 0, returned: 0 },
  ...{ refusedMillis: null, reconnectMillis: null, firstEventMillis: null, settledMillis: null },
  attempts: { total: 0, failed: 0, peakPerSecond: 0 },
  missed: { total: 0, p50: 0, p99: 0, max: 0 },
  p99Micros: { before: null, during: null, after: null },
});

describe('the faults of a run', () => {
  it('are rows of who was dropped and came back, of the returns, and of latency', () => {
    const [clients, returns, latency] = faultTables(withFaults(restart, freeze)).map(({ rows }) => rows.rows);
    expect(clients).toEqual([
      ['restart', '20 s', '1.2 s', '200', '187', '1.7 s', '3.9 s', '5 s', '21', '43', '57'],
      ['freeze for=3s', '40 s', '3 s', '0', '-', '-', '-', '-', '-', '-', '-'],
    ]);
    expect(returns).toEqual([['restart', '20 s', '1.3 s', '613', '426', '211', '1.4 s', '3.5 s', '4.6 s']]);
    expect(latency).toEqual([['restart', '20 s', '8.1 ms', '1.2 s', '8.4 ms', '5.7 s']]);
  });

  it('have no number of missed events while all are away, as in a run that was cut off', () => {
    const missed = { total: 0, p50: 0, p99: 0, max: 0 };
    const cells = (returned: number) =>
      faultTables(withFaults(buildFault(0, 1_000, { returned, missed })))[0]?.rows.rows[0]?.slice(-3);
    expect(cells(0)).toEqual(['-', '-', '-']);
    expect(cells(200)).toEqual(['0', '0', '0']);
  });

  it('that last to the end, or no time at all, have words for it', () => {
    const lasting = buildFault(0, 1_000, { endedAtMillis: null });
    const moment = buildFault(1, 2_000, { fault: 'drop share=30%', endedAtMillis: 2_000 });
    const lasted = faultTables(withFaults(lasting, moment))[0]?.rows.rows.map((row) => row[2]);
    expect(lasted).toEqual(['to the end', '-']);
  });

  it.each(['terminal', 'markdown', 'html'] as const)('are in %s, with what went wrong in full', (name) => {
    const problem = 'the command failed with exit code 1: no such deployment';
    const exec = buildFault(1, 40_000, {
      ...{ kind: 'exec', fault: "exec='kubectl rollout restart deployment/hub' for=20s", problem },
    });
    const text = LOADTEST_FORMS[name].render(withFaults(restart, exec));
    expect(text.replaceAll('&#39;', "'")).toContain(`deployment/hub' for=20s at 40 s: ${problem}`);
    expect(text).toContain('most in 1 s');
    expect(text).toMatch(/(from|since) the start of the run/);
    expect(LOADTEST_FORMS[name].render(buildShownResult())).not.toContain('most in 1 s');
  });

  it('are cut to what a person reads, but in the page', () => {
    const many = buildShownResult({ seconds: 300, evictions: 3, faults: 25 });
    for (const name of ['terminal', 'markdown'] as const)
      expect(LOADTEST_FORMS[name].render(many)).toContain('5 more faults are in the page');
    expect(LOADTEST_FORMS.html.render(many)).not.toContain('more faults');
  });

  it('are sentences for annotations, and properties in JUnit', () => {
    expect(describeFault(restart)).toBe(
      '200 clients were dropped, 187 came back; the hub refused connections for 1.3 s; first event after p50 1.7 s, p99 3.9 s; each missed at most 57 events; p99 8.1 ms before, 1.2 s in the worst second, 8.4 ms after; settled after 5.7 s',
    );
    expect(describeFault(freeze)).toBe('no client was dropped');
    const result = withFaults(restart, freeze);
    expect(LOADTEST_FORMS.github.render(result)).toContain(
      '::notice title=restart at 20 s::200 clients were dropped',
    );
    const junit = LOADTEST_FORMS.junit.render(result);
    expect(junit).toContain('name="faults.0.firstEventMillis.p99" value="3855"');
    expect(junit).not.toContain('faults.1.firstEventMillis');
  });

  it('are marked on the time axis while they last, and explain the restarts of the hub within', () => {
    const samples = (withFaults().samples ?? []).map((sample, at) => ({
      ...sample,
      hub: { rssBytes: 1, cpuSeconds: at >= 50 ? at - 50 : at >= 21 ? at - 21 : at },
    }));
    const result = { ...withFaults(restart), samples };
    const { marks } = foldPageData([{ name: '', result }]);
    expect(marks.filter(({ kind }) => kind === 'fault')).toEqual([
      { kind: 'fault', label: 'restart', atSeconds: 20, untilSeconds: 21.2 },
    ]);
    expect(marks.filter(({ kind }) => kind === 'restart').map(({ atSeconds }) => atSeconds)).toEqual([50]);
  });

  it('have a chart of attempts to come back, with those that failed, only where there were any', () => {
    const chartOf = (result: LoadtestResult) =>
      foldPageData([{ name: '', result }]).charts.find(({ id }) => id === 'returns');
    const timeline = withFaults(restart).timeline.map(({ attempts, failedAttempts, ...second }) =>
      second.second === 20 ? { ...second, attempts: 211, failedAttempts: 150 } : second,
    );
    const series = chartOf({ ...withFaults(restart), timeline })?.series ?? [];
    expect(series.map(({ key, values }) => [key, values[19], values[20], values[21]])).toEqual([
      ['attempts', 0, 211, 0],
      ['failed', 0, 150, 0],
    ]);
    expect(chartOf(buildShownResult())).toBeUndefined();
  });

  it('leave a gap in latency where nothing arrived, and show who is away', () => {
    const { timeline, samples = [], ...others } = withFaults(restart);
    const silent = timeline.map((one) =>
      one.second === 21 ? { ...one, deliveries: 0, p50Micros: 0, p99Micros: 0 } : one,
    );
    const away = samples.map(({ clients, ...sample }) => ({
      ...sample,
      clients: clients.map((row) => (sample.atMillis === 21_000 ? { ...row, open: 60, away: 140 } : row)),
    }));
    const { charts } = foldPageData([{ name: '', result: { ...others, timeline: silent, samples: away } }]);
    const latency = charts.find(({ id }) => id === 'latency')?.series[0]?.values ?? [];
    expect([latency[20], latency[21], latency[22]].map((value) => value === null)).toEqual([
      false,
      true,
      false,
    ]);
    const clients = charts.find(({ id }) => id === 'clients')?.series ?? [];
    expect(clients.map(({ key, values }) => [key, values[21]])).toEqual([
      ['connected', 60],
      ['away', 140],
    ]);
  });
});

describe('a page of several runs', () => {
  it('compares the worst faults, where any run has one', () => {
    const herd = buildFault(0, 20_000, { attempts: { total: 900, failed: 700, peakPerSecond: 633 } });
    const html = renderLoadtestHtml([withFaults(restart), withFaults(restart, herd)]);
    expect(html).toMatch(/most attempts in 1 s<\/td><td>211<\/td><td>633/);
    expect(html).toMatch(/did not come back<\/td><td>13<\/td>/);
    expect(renderLoadtestHtml([buildShownResult(), buildShownResult()])).not.toContain('did not come back');
  });
});

describe('the ledger line', () => {
  it('has what clients missed while they were away', () => {
    const ledger = { ...withFaults().ledger, missedAway: 4_321, lateJoin: 77, replayed: 0 };
    expect(LOADTEST_FORMS.terminal.render({ ...withFaults(restart), ledger })).toContain(
      '+ 4,321 missed while away + 77 missed after a return, before its first event + 0 lost',
    );
    expect(LOADTEST_FORMS.terminal.render(withFaults(restart))).not.toContain('missed while away');
  });
});

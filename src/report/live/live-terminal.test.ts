// The live view on terminals of several sizes: nothing is wider or higher than the terminal, nothing runs into its
// neighbour, and colors change nothing but colors.
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildLiveView, SHOWN_PLAN } from '../../testing/builders/live-view-builder.ts';
import { liveLine } from './live-facts.ts';
import { createLiveRun, type LiveState } from './live-run.ts';
import { renderLiveTerminal } from './live-terminal.ts';
import { coloredText } from './span.ts';

function stateAt(millis: number): LiveState {
  const run = createLiveRun(SHOWN_PLAN);
  for (let at = 0; at <= millis; at += 50) run.add(buildLiveView(at));
  return run.state();
}

describe('the live view on a terminal', () => {
  it.each([20, 40, 80, 120])('is never wider than %i columns, in any phase', (columns) => {
    for (const millis of [0, 1_000, 4_000, 12_000, 25_000, 37_000, 41_000]) {
      const lines = renderLiveTerminal(stateAt(millis), { columns, rows: 60 });
      expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
    }
  });

  it.each([40, 80, 120])('cuts nothing off and keeps a space between neighbours at %i columns', (columns) => {
    const text = renderLiveTerminal(stateAt(25_000), { columns, rows: 60 }).slice(1).join('\n');
    expect(text).not.toContain('…');
    expect(text).toMatch(/(^|\s)p99 fast +8\.3 ms(\s|$)/m);
    expect(text).toMatch(/(^|\s)lateness p99 +420 µs(\s|$)/m);
    expect(text).toMatch(/^slow clients +█+[▏▎▍▌▋▊▉]?░+ 48 %/m);
    expect(text).toMatch(/^half-open +\d+\/5 +\d/m);
  });

  it('shows a fault that is on, one that is just over, and who is away, in a line that is there without', () => {
    const run = createLiveRun(SHOWN_PLAN);
    const view = buildLiveView(12_000);
    const size = { columns: 80, rows: 24 };
    run.add(view);
    const calm = renderLiveTerminal(run.state(), size);
    const cohorts = view.cohorts.map((cohort) => ({ ...cohort, away: 1_234 }));
    const inView = [
      { kind: 'drop', fault: 'drop share=30%', isOn: false },
      { kind: 'restart', fault: 'restart', isOn: true },
    ] as const;
    run.add({ ...view, cohorts, faults: { begun: 2, inView } });
    const lines = renderLiveTerminal(run.state(), size);
    expect(lines).toContain('fault         drop share=30% (over); restart; 1,234 clients away');
    expect(lines).toHaveLength(calm.length);
    run.add({ ...view, cohorts });
    expect(renderLiveTerminal(run.state(), size)).toContain('returning     1,234 clients away');
    run.add({ ...view, cohorts, faults: { begun: 2, inView } });
    expect(liveLine(run.state())).toMatch(/fault: drop share=30% \(over\); restart; 1,234 clients away$/);
  });

  it('shows each agent as a row, and in the head who is silent or lost', () => {
    const run = createLiveRun({ ...SHOWN_PLAN, agents: ['a', 'b', 'c'] });
    const text = () => renderLiveTerminal(run.state(), { columns: 80, rows: 60 }).join('\n');
    expect(text()).toMatch(/^agents +3$/m);
    const agent = { clients: 700, deliveries: 9, deliveriesPerSecond: 56_000, eventLoopDelayMicros: 1_200 };
    const agents = ['a', 'b', 'c'].map((name, at) => ({
      ...{ name, ...agent, clockErrorMicros: 95, lastBeatMillisAgo: [240, 2_100, 9_000][at] ?? 0 },
      isLost: name === 'c',
    }));
    run.add({ ...buildLiveView(25_000), agents });
    expect(text()).toMatch(/^agents +2 of 3 \(c lost; b silent for 2\.1 s\)$/m);
    expect(text()).toMatch(/^agent +connected +delivered\/s +loop delay +clock within +last beat$/m);
    expect(text()).toMatch(/^a +700 +56,000 +1\.2 ms +± 95 µs +240 ms ago$/m);
    expect(text()).toMatch(/^c .* lost$/m);
    expect(liveLine(run.state())).toContain('agents 2 of 3 (c lost; b silent for 2.1 s)');
    for (const columns of [20, 40, 80]) {
      const lines = renderLiveTerminal(run.state(), { columns, rows: 24 });
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
    }
  });

  it('shows clients, rates, latencies so far, evictions and how far each phase is', () => {
    expect(renderLiveTerminal(stateAt(25_000), { columns: 80, rows: 24 }).join('\n')).toMatchInlineSnapshot(`
      "0:25  norn-loadtest: ws://127.0.0.1:43121/ws (reference)

      connect       ████████████████████████████████████████ done       2.0 s
      warm-up       ████████████████████████████████████████ done       3.0 s
      baseline      ████████████████████████████████████████ done      10.5 s
      slow clients  ███████████████████▌░░░░░░░░░░░░░░░░░░░░ 48 %       9.5 s
      pressure      ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
      drain         ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░

      connected 2,051     events 1,840        events/s 80         delivered/s 181,088
      p50 fast 1.2 ms     p99 fast 8.3 ms     evicted 64          lateness p99 420 µs

      delivered/s   ▁▁▇▇████▇▇▆▅▅▅▅▅▆▆▇▇████▇ max 210,941
      p99 by second       ▇▆▅▅▅▅▅▅▆▆▇████▇▇▆▅ max 11 ms

      cohort        connected  evicted     p50     p99  deliveries
      fast        2,000/2,000        0  1.2 ms  8.3 ms   3,932,779
      stall             48/60       12       -       -       1,474
      trickle            3/15       12       -       -         368
      flap               0/10       10       -       -         245
      lag                0/10       10       -       -         245
      vanish             0/10       10       -       -         245
      never-pong          0/5        5       -       -         122
      half-open           0/5        5       -       -         122"
    `);
  });

  it('leaves out cohorts, and says how many, where the terminal is low', () => {
    const lines = renderLiveTerminal(stateAt(25_000), { columns: 80, rows: 18 });
    expect(lines).toHaveLength(18);
    expect(lines.at(-1)).toBe('and 7 cohorts more');
    expect(renderLiveTerminal(stateAt(25_000), { columns: 80, rows: 5 })).toHaveLength(5);
  });

  it('says the same in color', () => {
    const size = { columns: 80, rows: 30 };
    const coloured = renderLiveTerminal(stateAt(25_000), size, coloredText);
    expect(coloured.join('\n')).toContain('\u001b[');
    expect(coloured.map(stripVTControlCharacters)).toEqual(renderLiveTerminal(stateAt(25_000), size));
  });

  it('is one line where lines are wanted', () => {
    expect(liveLine(stateAt(25_000))).toMatchInlineSnapshot(
      `"   0:25  slow clients  connected 2,051  events 1,840  80 events/s  181,088 delivered/s  p50 fast 1.2 ms  p99 fast 8.3 ms  evicted 64  lateness p99 420 µs"`,
    );
  });
});

describe('the state of a running load test', () => {
  it('has one point a second, with the rates of that second', () => {
    const { points } = stateAt(10_000);
    expect(points.map(({ atMillis }) => atMillis)).toEqual(
      Array.from({ length: 10 }, (_, at) => (at + 1) * 1_000),
    );
    expect(points.at(-1)?.eventsPerSecond).toBe(80);
  });

  it('says which phases are done, running and ahead, and how far the running one is', () => {
    const { phases } = stateAt(8_000);
    expect(phases.map(({ state }) => state)).toEqual(['done', 'done', 'running', 'ahead', 'ahead', 'ahead']);
    expect(phases[0]).toMatchObject({ millis: 2_000, share: 1 });
    expect(phases[2]?.share).toBeCloseTo(3 / 10.5, 5);
  });

  it('keeps the last hour of points and counts those it dropped', () => {
    const run = createLiveRun(SHOWN_PLAN);
    for (let at = 1; at <= 3_700; at++) run.add(buildLiveView(at * 1_000));
    const { points, droppedPoints } = run.state();
    expect([points.length, droppedPoints]).toEqual([3_600, 100]);
    expect(points.at(-1)?.atMillis).toBe(3_700_000);
  });
});

// What is said of agents, and which of it keeps a run from being passed.
import { expect, it } from 'vitest';
import { INCONCLUSIVE_FINDINGS } from '../inconclusive-findings.ts';
import { judgeAgents } from './judge-agents.ts';

const AGENT = {
  name: 'a',
  host: 'h',
  workers: 1,
  clients: 5,
  received: 10,
  lost: 0,
  cpuSeconds: 1,
  eventLoopDelayMicros: { p99: 1, max: 1 },
  clockErrorMicros: 250,
};

it('names a clock that was set, and goes on with what is known', () => {
  const [finding, ...others] = judgeAgents([
    AGENT,
    { ...AGENT, name: 'b', clockContradictions: 1, unknownLatencies: 1_200 },
  ]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ name: 'clock', severity: 'warning' });
  expect(finding?.message).toContain('the clock of agent b contradicted what was known of it (1 x)');
  expect(finding?.message).toContain('1,200 deliveries around that count as of unknown latency');
  expect(INCONCLUSIVE_FINDINGS).not.toContain('clock');
});

it('lets nothing pass where a clock was set that events were published by', () => {
  const published = { ...AGENT, publishedEvents: 1_500 };
  expect(judgeAgents([published])).toEqual([]);
  const findings = judgeAgents([{ ...published, clockContradictions: 1 }, AGENT]);
  expect(findings.map(({ name }) => name)).toEqual(['clock', 'clock-bound']);
  expect(findings[1]?.message).toContain('agent a published 1,500 events by a clock that was set');
});

it('lets nothing pass where deliveries prove that the bound of a clock is wrong', () => {
  const findings = judgeAgents([{ ...AGENT, impossibleLatencies: 3 }]);
  expect(findings.map(({ name, severity }) => [name, severity])).toEqual([['clock-bound', 'warning']]);
  expect(findings[0]?.message).toContain('3 deliveries to clients of agent a arrived before they were due');
  expect(INCONCLUSIVE_FINDINGS).toContain('clock-bound');
});

it('names an agent that was to publish and did not, which leaves the run as it is', () => {
  const declinedBecause = 'GET http://hub/stats: nothing listens there';
  const [finding, ...others] = judgeAgents([AGENT, { ...AGENT, name: 'b', declinedBecause }]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ name: 'agent-declined', severity: 'warning' });
  expect(finding?.message).toContain(`agent b published nothing: ${declinedBecause}`);
  expect(INCONCLUSIVE_FINDINGS).not.toContain('agent-declined');
});

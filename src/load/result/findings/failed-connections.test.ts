// What a finding says of clients that could not connect.
import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../plan/thresholds/parse-threshold.ts';
import { countCauses, foldSubprotocols } from '../parts/handshakes.ts';
import { describeFailures, judgeConnections, judgeSubprotocols } from './failed-connections.ts';

/** Each reason with its number and its cause. */
const partsOf = (reasons: Readonly<Record<string, number>>, cause = 'reset') =>
  Object.entries(reasons).map(([reason, count]) => ({ cause, reason, count }));

describe('describeFailures', () => {
  it('names the most frequent reasons first, and counts the others', () => {
    const failures = { refused: 3, reset: 900, '503': 40, late: 2, odd: 1 };
    expect(describeFailures(partsOf(failures))).toBe(
      '900 x reset; 40 x 503; 3 x refused; 3 for other reasons',
    );
  });

  it('takes reasons that differ only in a port for one', () => {
    const failures = { 'no address for port 40123': 2, 'no address for port 40124': 1, reset: 1 };
    expect(describeFailures(partsOf(failures))).toBe('3 x no address for port 40123; 1 x reset');
  });

  it('keeps statuses apart', () => {
    expect(describeFailures(partsOf({ 'answered 403': 1, 'answered 503': 2 }))).toBe(
      '2 x answered 503; 1 x answered 403',
    );
  });

  it('says that attempts had not ended where none has failed', () => {
    expect(describeFailures([])).toBe('the attempts had not ended');
  });
});

describe('judgeSubprotocols', () => {
  const cohort = { name: 'fast' };

  it('fails a hub that names one that was not offered, and warns of one that names none', () => {
    const failures = partsOf({ 'ws://h answered a subprotocol nobody offered: x': 3 }, 'subprotocol');
    expect(judgeSubprotocols(cohort, { failures, subprotocols: { a: 2, '': 4 } })).toEqual([
      {
        ...{ name: 'subprotocol', severity: 'error', cohort: 'fast' },
        message: expect.stringMatching(
          /^3 handshakes named a subprotocol that the client had not offered.*: x$/,
        ),
      },
      {
        ...{ name: 'subprotocol', severity: 'warning', cohort: 'fast' },
        message: expect.stringMatching(/^4 handshakes named none of the subprotocols/),
      },
    ]);
    expect(judgeSubprotocols(cohort, { failures: partsOf({ reset: 1 }), subprotocols: { a: 2 } })).toEqual(
      [],
    );
  });

  it('counts what was agreed on over all cohorts, and causes with their most frequent reason', () => {
    expect(foldSubprotocols([{ a: 2, '': 1 }, { a: 3 }])).toEqual([
      { name: 'a', connections: 5 },
      { name: null, connections: 1 },
    ]);
    const failures = [...partsOf({ 'no token': 2, 'old token': 5 }, '401'), ...partsOf({ gone: 9 })];
    expect(countCauses(failures)).toEqual([
      { cause: 'reset', count: 9, sample: 'gone' },
      { cause: '401', count: 7, sample: 'old token' },
    ]);
  });
});

describe('judgeConnections', () => {
  const failures = partsOf({ reset: 230, 'no answer': 7 });
  const judge = (isComplete: boolean, hasTargetFailed: boolean, part = { connected: 163, failures }) =>
    judgeConnections({ name: 'fast', clients: 400 }, part, { isComplete, hasTargetFailed, thresholds: [] });

  it('names the clients that failed, also when the hub then failed the run', () => {
    const message = '237 of 400 clients could not connect, 163 did: 230 x reset; 7 x no answer';
    const finding = { name: 'not-connected', severity: 'error', cohort: 'fast', message };
    expect(judge(true, false)).toEqual([finding]);
    expect(judge(false, true)).toEqual([finding]);
  });

  it('counts no client whose attempt had not ended when the hub failed', () => {
    const part = { connected: 163, failures: partsOf({ reset: 3 }) };
    expect(judge(false, true, part)[0]?.message).toMatch(/^3 of 400 clients/);
  });

  it('says nothing of a run that was interrupted, or whose clients all connected', () => {
    expect(judge(false, false)).toEqual([]);
    expect(judge(true, false, { connected: 400, failures })).toEqual([]);
  });

  it.each([
    ['connected.rate>=40%', 'warning'],
    ['connected{cohort=fast}.rate>=40%', 'warning'],
    ['failures<=300', 'warning'],
    ['failures{cause=reset,cohort=fast}<=300', 'warning'],
    ['failures{cause=401}==0', 'error'],
    ['failures{cohort=slow}<=300', 'error'],
    ['connected>=100', 'error'],
  ])('leaves the judgement to a threshold that says how many may fail: %s', (expr, severity) => {
    const threshold = parseThreshold(expr, { cohorts: ['fast', 'slow'], hubs: [undefined] });
    if (!threshold.ok) throw new Error(threshold.problem);
    const end = { isComplete: true, hasTargetFailed: false, thresholds: [threshold.value] };
    expect(judgeConnections({ name: 'fast', clients: 400 }, { connected: 163, failures }, end)).toMatchObject(
      [{ severity }],
    );
  });
});

// Who publishes: what the user wants, what agents can, and what helps.
import { expect, it } from 'vitest';
import type { PublishFrom } from '../../kit/publish-from.ts';
import type { Target } from '../../target/target.ts';
import { areNear, choosePublishers, type Publishers } from './choose-publishers.ts';

const targetAt = (broadcastUrl: string | undefined, adapter = 'http') =>
  ({
    adapter,
    producer: () => broadcastUrl && { broadcastUrl, headers: [], takesBatches: true },
  }) as unknown as Target;
const REACHABLE = targetAt('http://10.0.0.5/broadcast');
const HERE = [{ name: 'a', host: 'here', clockId: 'one' }];
const ELSEWHERE = [...HERE, { name: 'b', host: 'there', clockId: 'other' }];
const PLAIN = { faults: [] };
const FAULTY = { faults: [{}] } as never;

function choose(wanted: PublishFrom | undefined, parts: Partial<Publishers>, plan = PLAIN) {
  const all = { agents: ELSEWHERE, target: REACHABLE, host: 'here', clockId: 'one', ...parts };
  const chosen = choosePublishers(wanted, plan, all);
  return chosen.ok ? chosen.value : chosen.problem;
}

it.each([
  ['with clocks of their own', {}, 'agents'],
  ['with clocks of which nothing is known', { agents: HERE, clockId: undefined }, 'agents'],
  ["with the coordinator's clock", { agents: HERE }, 'coordinator'],
  ['that cannot reach the route', { target: targetAt('http://127.0.0.1:88/broadcast') }, 'coordinator'],
  ['at a hub without a route', { target: targetAt(undefined, 'stdio') }, 'coordinator'],
  ['at several hubs', { target: { ...REACHABLE, publishers: [REACHABLE, REACHABLE] } }, 'coordinator'],
] as const)('where the user does not say, of agents %s: %#', (_, parts, expected) => {
  expect(choose(undefined, parts)).toBe(expected);
  expect(choose('coordinator', parts)).toBe('coordinator');
});

it('lets agents publish where the user wants it, over HTTP, at a hub that they reach', () => {
  expect(choose('agents', {})).toBe('agents');
  const target = targetAt('http://127.0.0.1:8800/broadcast');
  expect(choose('agents', { agents: HERE, target })).toBe('agents');
});

it('leaves it to the user where messages take long', () => {
  expect(areNear([{ clockErrorMicros: 0 }, { clockErrorMicros: 900 }])).toBe(true);
  expect(areNear([{ clockErrorMicros: 20_000 }, { clockErrorMicros: 900 }])).toBe(false);
});

it('lets the coordinator publish in a run with faults', () => {
  expect(choose(undefined, {}, FAULTY)).toBe('coordinator');
  expect(choose('agents', {}, FAULTY)).toContain('faults');
});

it.each(['http://127.0.0.1:8800/broadcast', 'http+unix:/run/hub.sock:/broadcast'])(
  'names the agent that cannot reach %s',
  (url) => {
    expect(choose('agents', { target: targetAt(url) })).toContain(
      `agent b is on there, where ${url} is another hub or none`,
    );
  },
);

it('names the adapter that only the coordinator can use, and several publishers', () => {
  expect(choose('agents', { target: targetAt(undefined, 'stdio') })).toContain('the adapter stdio');
  expect(choose('agents', { target: { adapter: 'module' } })).toContain('the adapter module');
  const several = { ...REACHABLE, publishers: [REACHABLE, REACHABLE] };
  expect(choose('agents', { target: several })).toContain('several hubs in turn');
});

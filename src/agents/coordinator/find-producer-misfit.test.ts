// At which hubs agents can publish.
import { expect, it } from 'vitest';
import type { Target } from '../../target/target.ts';
import { findProducerMisfit } from './find-producer-misfit.ts';

const targetAt = (broadcastUrl: string | undefined, adapter = 'http') =>
  ({
    adapter,
    producer: () => broadcastUrl && { broadcastUrl, headers: [], takesBatches: true },
  }) as unknown as Target;
const HERE = [{ name: 'a', host: 'here' }];
const ELSEWHERE = [...HERE, { name: 'b', host: 'there' }];

it('lets agents publish over HTTP, where they can reach the hub', () => {
  expect(findProducerMisfit(ELSEWHERE, targetAt('http://10.0.0.5/broadcast'), 'here')).toBeUndefined();
  expect(findProducerMisfit(HERE, targetAt('http://127.0.0.1:8800/broadcast'), 'here')).toBeUndefined();
});

it.each(['http://127.0.0.1:8800/broadcast', 'http+unix:/run/hub.sock:/broadcast'])(
  'names the agent that cannot reach %s',
  (url) => {
    expect(findProducerMisfit(ELSEWHERE, targetAt(url), 'here')).toContain(
      `agent b is on there, where ${url} is another hub or none`,
    );
  },
);

it('names the adapter that only the coordinator can use, and several publishers', () => {
  expect(findProducerMisfit(HERE, targetAt(undefined, 'stdio'), 'here')).toContain('the adapter stdio');
  expect(findProducerMisfit(HERE, { adapter: 'module' }, 'here')).toContain('the adapter module');
  const one = targetAt('http://10.0.0.5/broadcast');
  expect(findProducerMisfit(HERE, { ...one, publishers: [one, one] }, 'here')).toContain(
    'several hubs in turn',
  );
});

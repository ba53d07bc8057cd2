// Handshakes of several workers become one figure, without losing any.
import { expect, it } from 'vitest';
import { foldTls } from '../../result/parts/tls.ts';
import { TlsCounts } from './tls-counts.ts';

const facts = {
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  isResumed: false,
  handshakeMicros: 1_000,
};

it('adds handshakes, resumed sessions and what was agreed, and divides by the time they took', () => {
  const [a, b] = [new TlsCounts(), new TlsCounts()];
  a.add(facts, 1_001_000);
  a.add({ ...facts, isResumed: true, handshakeMicros: 200 }, 1_500_000);
  b.add({ ...facts, protocol: 'TLSv1.2', handshakeMicros: 4_000 }, 3_000_000);
  expect(foldTls([a.part(), b.part(), new TlsCounts().part(), undefined])).toMatchObject({
    handshakes: 3,
    resumed: 1,
    handshakesPerSecond: 1.5,
    handshakeMicros: { count: 3 },
    agreed: [
      { protocol: 'TLSv1.3', cipher: facts.cipher, connections: 2 },
      { protocol: 'TLSv1.2', cipher: facts.cipher, connections: 1 },
    ],
  });
  expect(foldTls([undefined])).toBeUndefined();
});

// Every recorded origin value, in every era of the Go parser.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GoUrlEra } from './go-url-authority.ts';
import { judgeOrigin } from './origin-rule.ts';

interface Vector {
  readonly origin: string;
  readonly isListed: boolean;
  readonly allowedByEra: Readonly<Record<GoUrlEra, boolean>>;
}
const { vectors, allowedOrigins } = JSON.parse(
  readFileSync(new URL('../../fixtures/origin-vectors.json', import.meta.url), 'utf8'),
) as { vectors: Vector[]; allowedOrigins: string[] };

describe.each(['A', 'B', 'C', 'D'] as const)('judgeOrigin as Go of era %s', (era) => {
  it.each(vectors)('judges $origin by its host', ({ origin, allowedByEra }) => {
    expect(judgeOrigin(origin, [], era)).toMatchObject({ isAllowed: allowedByEra[era] });
  });
});

describe('judgeOrigin', () => {
  it.each(vectors.filter(({ isListed }) => isListed))('allows the listed $origin', ({ origin }) => {
    expect(judgeOrigin(origin, allowedOrigins)).toMatchObject({ isAllowed: true, rule: 2 });
  });

  it.each([undefined, '', '  ', '\t'])('allows an empty origin (%j)', (origin) => {
    expect(judgeOrigin(origin, [])).toMatchObject({ isAllowed: true, rule: 1 });
  });

  it('never throws, and allows by host only what ends in a local host name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (origin) => {
        const verdict = judgeOrigin(origin, []);
        if (verdict.rule === 3) expect(origin).toMatch(/localhost|127\.0\.0\.1|::1/);
      }),
    );
  });

  it('refuses every host that only looks local', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    fc.assert(
      fc.property(label, fc.constantFrom('localhost', '127.0.0.1'), fc.nat(65_535), (name, local, port) => {
        for (const host of [
          `${name}.${local}`,
          `${local}.${name}`,
          `${name}${local}`,
          `${name}-${local}.com`,
        ]) {
          expect(judgeOrigin(`http://${host}:${port}`, [])).toMatchObject({ isAllowed: false, rule: 4 });
        }
      }),
    );
  });
});

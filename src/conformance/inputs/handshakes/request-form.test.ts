// Whatever its form, a request says the same: read as HTTP demands, every header has the value that was given.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../../wire/connection.ts';
import { cutsFor, isHardToRead, type RequestForm, writeHeaderLines } from './request-form.ts';

const HEADERS: readonly HeaderLine[] = [
  ['Host', '127.0.0.1:8800'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-WebSocket-Protocol', 'norn.v2, norn.v1'],
  ['X-Forwarded-For', '203.0.113.7, 198.51.100.2'],
  ['Origin', 'http://localhost:5173'],
  ['X-Empty', ''],
];
const PLAIN: RequestForm = { names: 'as is', spaces: 'one', order: 'usual', lists: 'as usual', seed: 1 };
const forms: fc.Arbitrary<RequestForm> = fc.record({
  names: fc.constantFrom('as is', 'lower', 'upper', 'swapped', 'random'),
  spaces: fc.constantFrom('one', 'none', 'several', 'tab', 'trailing', 'trailing tab', 'random'),
  order: fc.constantFrom('usual', 'reversed', 'shuffled'),
  lists: fc.constantFrom('as usual', 'tight', 'spaced', 'line each'),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

/** Names in lower case; lists as sets of their elements, sorted. */
function read(lines: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    const elements = value.split(',').map((element) => element.replace(/^[ \t]+|[ \t]+$/g, ''));
    headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), ...elements].sort();
  }
  return headers;
}

describe('a form of a request', () => {
  it('changes nothing of what the request says', () => {
    const plain = read(writeHeaderLines(HEADERS, PLAIN));
    fc.assert(
      fc.property(forms, (form) => {
        const { connection, ...others } = read(writeHeaderLines(HEADERS, form));
        const { connection: _, ...expected } = plain;
        expect(others).toEqual(expected);
        expect(connection).toEqual(form.lists === 'as usual' ? ['Upgrade'] : ['Upgrade', 'keep-alive']);
      }),
    );
  });

  it('of one header does not depend on which others there are', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const all = writeHeaderLines(HEADERS, { ...form, order: 'usual' });
        const fewer = writeHeaderLines(HEADERS.slice(2), { ...form, order: 'usual' });
        expect(all.slice(-fewer.length)).toEqual(fewer);
      }),
    );
  });

  it('has no unusual spaces around the key, which servers would hash', () => {
    for (const spaces of ['tab', 'trailing', 'trailing tab'])
      expect(writeHeaderLines(HEADERS, { ...PLAIN, spaces })).toContain(
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      );
  });

  it('is hard to read with a tab, spaces behind a value, or Connection in two lines', () => {
    expect(isHardToRead(PLAIN)).toBe(false);
    for (const change of [{ spaces: 'tab' }, { spaces: 'trailing' }, { lists: 'line each' }])
      expect(isHardToRead({ ...PLAIN, ...change })).toBe(true);
    for (const change of [{ spaces: 'none' }, { spaces: 'random' }, { lists: 'tight' }])
      expect(isHardToRead({ ...PLAIN, ...change })).toBe(false);
  });
});

describe('the places where a request is cut', () => {
  const request = Buffer.from('GET /ws HTTP/1.1\r\nHost: x\r\n\r\n');
  const arrivals = ['cut', 'cut twice', 'cut in a line end', 'cut in the end', 'last bytes one by one'];

  it('ascend, and leave no piece empty', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('whole', 'first bytes one by one', ...arrivals),
        fc.nat(),
        (arrival, seed) => {
          const cuts = cutsFor(arrival, request, seed);
          const bounds = [0, ...cuts, request.length];
          for (const [at, bound] of bounds.slice(1).entries()) expect(bound).toBeGreaterThan(bounds[at] ?? 0);
          expect(cuts.length === 0).toBe(arrival === 'whole');
        },
      ),
    );
  });

  it('are where their name says', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [inEnd = 0] = cutsFor('cut in the end', request, seed);
        expect(request.length - inEnd).toBeLessThan(4);
        const [inLineEnd = 0] = cutsFor('cut in a line end', request, seed);
        expect(request.toString('latin1', inLineEnd - 1, inLineEnd + 1)).toBe('\r\n');
      }),
    );
  });
});

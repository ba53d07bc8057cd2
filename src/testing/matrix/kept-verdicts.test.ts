// What was judged is kept as text and read back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../conformance/finding.ts';
import { decodeVerdicts, encodeVerdicts } from './kept-verdicts.ts';

const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'warn', 'skip', 'error');
const row = fc.uniqueArray(fc.tuple(fc.string(), verdict), { selector: ([id]) => id });

describe('kept verdicts', () => {
  it('are the same when read back, whatever hubs and checks are called', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), row), { selector: ([hub]) => hub }), (hubs) => {
        const rows = new Map(hubs.map(([hub, said]) => [hub, new Map(said)]));
        expect(decodeVerdicts(encodeVerdicts(rows))).toEqual(rows);
      }),
    );
  });

  it('share the list of checks, so that a hub is one short line', () => {
    const said = new Map<string, Verdict>([
      ['a', 'pass'],
      ['b', 'fail'],
    ]);
    const text = encodeVerdicts(
      new Map([
        ['one', said],
        ['other', new Map(said)],
      ]),
    );
    expect(text.split('\n').filter((line) => line.includes('["a","b"]'))).toHaveLength(1);
    expect(text).toContain('"one": {"suite":0,"verdicts":"pf"}');
  });

  it('leave out what is not known', () => {
    const text = '{"suites": [["a","b"]], "rows": {"hub": {"suite":0,"verdicts":"?f"}}}';
    expect(decodeVerdicts(text).get('hub')).toEqual(new Map([['b', 'fail']]));
  });
});

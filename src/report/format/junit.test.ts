// JUnit XML: what every report builds with the same few words.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type JunitCase, renderJunit } from './junit.ts';

const NASTY = '</testcase> & "q" <\' ]]> \u0000\u001b \ud800';
const kinds: readonly JunitCase['outcome'][] = [
  { kind: 'passed' },
  { kind: 'failed', type: 'must', message: NASTY, text: NASTY },
  { kind: 'error', type: 'inconclusive', message: NASTY },
  { kind: 'skipped', message: NASTY },
  { kind: 'warned', text: NASTY },
];
const text = renderJunit('a program', 1.5, [
  {
    name: 'first',
    startedAt: '2026-01-02T03:04:05.678Z',
    properties: [[NASTY, NASTY]],
    cases: kinds.map((outcome) => ({ name: NASTY, className: 'group', outcome })),
  },
  { name: 'empty', startedAt: '2026-01-02T03:04:05.678Z', cases: [] },
]);

describe('JUnit XML', () => {
  it('stays valid XML with any text', () => {
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('counts outcomes by suite and in total', () => {
    const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(text);
    expect(parsed.testsuites).toMatchObject({
      name: 'a program',
      tests: '5',
      failures: '1',
      errors: '1',
      skipped: '1',
      time: '1.500',
    });
    const [first, empty] = parsed.testsuites.testsuite;
    expect(first).toMatchObject({ tests: '5', timestamp: '2026-01-02T03:04:05' });
    expect(empty).toMatchObject({ name: 'empty', tests: '0' });
    expect(first.testcase).toHaveLength(5);
    expect(first.testcase[1].failure).toMatchObject({ type: 'must' });
    expect(first.testcase[2].error).toMatchObject({ type: 'inconclusive' });
  });
});

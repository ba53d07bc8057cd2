// Every report on a conformance run: what must be in it, and that nothing a hub says can break out of it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { CHAPTERS } from '../../conformance/check.ts';
import { CHECKS } from '../../conformance/registry.ts';
import { judgeRun } from '../../conformance/verdict.ts';
import {
  buildCheckResult,
  buildConformanceResult,
} from '../../testing/builders/conformance-result-builder.ts';
import { renderCheckDocs, renderExplanation } from './check-pages.ts';
import { causeLines, countsLine } from './facts.ts';
import { measurementText } from './measurement-text.ts';
import { CONFORMANCE_REPORTERS } from './reporter-names.ts';
import { REPORTER_FORMS } from './reporters.ts';

const NASTY =
  '</script><img src=x onerror=alert(1)> ]]> & "q" \'a\' \u0000\u001b[31m %0A | ``` \ud800 ::error::x';

const failed = buildCheckResult({
  id: 'delivery.failed',
  verdict: 'fail',
  expected: 'event #66',
  got: NASTY,
  evidence: [NASTY],
  wire: [
    { atMillis: 12.34, direction: 'in', client: 'A', what: NASTY },
    {
      atMillis: 12.5,
      direction: 'in',
      client: NASTY,
      what: 'a frame',
      frame: { opcode: 1, isFinal: true, isMasked: false, payloadBytes: 2_000, frames: 2, text: NASTY },
    },
    {
      atMillis: 13,
      direction: 'in',
      client: 'A',
      what: 'a Close',
      frame: {
        opcode: 8,
        isFinal: true,
        isMasked: false,
        reservedBits: 4,
        payloadBytes: 9,
        close: { code: 1008, reason: NASTY },
      },
    },
  ],
});
const result = buildConformanceResult(
  [
    buildCheckResult({ id: 'handshake.passed', chapter: 'handshake' }),
    failed,
    buildCheckResult({
      id: 'delivery.known',
      verdict: 'fail',
      expected: 'a',
      got: 'b',
      knownFailing: 'issue 7',
    }),
    buildCheckResult({ id: 'delivery.warned', verdict: 'warn', level: 'should', expected: 'a', got: 'b' }),
    buildCheckResult({ id: 'delivery.skipped', verdict: 'skip', reason: 'no statistics' }),
    buildCheckResult({ id: 'delivery.unjudged', verdict: 'error', reason: 'starved' }),
  ],
  {
    measurements: {
      kickMillis: { value: 1_004, low: 1_000, high: 1_100 },
      serverPingMillis: { value: null, low: 12_000, reason: 'none was seen' },
    },
    staleKnownFailing: ['handshake.passed'],
  },
);
const render = (name: keyof typeof REPORTER_FORMS): string => REPORTER_FORMS[name].render(result);

interface JunitCase {
  readonly name: string;
  readonly failure?: unknown;
  readonly skipped?: unknown;
  readonly error?: unknown;
}

describe('the reports', () => {
  it.each(CONFORMANCE_REPORTERS.filter((name) => name !== 'badge'))(
    '%s names every check that did not hold',
    (name) => {
      const text = render(name);
      for (const id of ['delivery.failed', 'delivery.warned', 'delivery.unjudged'])
        expect(text).toContain(id);
    },
  );

  it('name causes that only passed checks distinguish', () => {
    const refused = ['origin.foreign-refused', 'origin.null-refused'].map((id) =>
      buildCheckResult({ id, verdict: 'fail' }),
    );
    const passed = buildCheckResult({ id: 'origin.refusal-has-no-effect' });
    expect(causeLines(buildConformanceResult([...refused, passed]))).toEqual([
      'The hub completes the handshake of foreign origins, though it sends them no events (origin.foreign-refused, and 1 more check)',
    ]);
  });

  it('say how to run only the check that failed', () => {
    for (const name of ['terminal', 'junit', 'markdown', 'html', 'github'] as const) {
      expect(render(name)).toContain('norn-conformance --seed 1 --only delivery.failed');
    }
  });

  it.each(['terminal', 'markdown', 'html'] as const)('%s has the numbers of the JSON', (name) => {
    const text = render(name).replaceAll('\\', '');
    const read = JSON.parse(render('json')) as typeof result;
    expect(text).toContain(countsLine(read));
    for (const [key, value] of Object.entries(read.measurements))
      expect(text).toContain(measurementText(key, value));
    for (const { durationMs } of read.checks)
      expect(name === 'terminal' || text.includes(`${durationMs} ms`)).toBe(true);
  });

  it('table shows failures before everything else, with what was expected and the wire', () => {
    const text = render('terminal');
    expect(text.indexOf('delivery.failed')).toBeLessThan(text.indexOf('delivery.skipped'));
    expect(text).toContain('expected  event #66');
    expect(text).toContain('12.3 ms  A <-');
    expect(text).toContain('2 fail (1 known)');
    expect(text).toContain('from overflow to disconnection');
    expect(text).toContain('1 s (1 s to 1.1 s)');
    expect(text).toContain('more than 12 s: none was seen');
  });

  it.each(['terminal', 'markdown', 'html', 'json'] as const)(
    '%s counts the checks for which there was no time',
    (name) => {
      const late = buildCheckResult({ verdict: 'skip', reason: 'no time', outOfTime: true });
      const settings = { ...result.settings, timeLimitMillis: 120_000 };
      const text = REPORTER_FORMS[name].render(buildConformanceResult([late, failed], { settings }));
      expect(text).toContain(name === 'json' ? '"outOfTime": true' : '1 of 2 checks were not judged');
    },
  );

  it('json keeps to its schema', () => {
    const file = new URL('../../conformance/schemas/conformance.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')) as object,
    );
    validate(JSON.parse(render('json')));
    expect(validate.errors ?? []).toEqual([]);
    const late = buildCheckResult({ verdict: 'skip', reason: 'no time', outOfTime: true });
    validate({ ...result, checks: [...CHAPTERS.map((chapter) => buildCheckResult({ chapter })), late] });
    expect(validate.errors ?? []).toEqual([]);
    validate({ ...result, checks: [{ ...failed, got: undefined }] });
    expect(validate.errors).not.toBeNull();
  });

  it('junit is XML with a child for each verdict', () => {
    const text = render('junit');
    expect(XMLValidator.validate(text)).toBe(true);
    const parsed = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      isArray: (tag, _path, _isLeaf, isAttribute) => !isAttribute && tag.startsWith('test'),
    }).parse(text);
    const [suites] = parsed.testsuites;
    const cases: JunitCase[] = suites.testsuite.flatMap((suite: { testcase: JunitCase[] }) => suite.testcase);
    const named = (name: string) => cases.find((each) => each.name === name);
    expect(suites).toMatchObject({ tests: '7', failures: '2', errors: '1', skipped: '2' });
    expect(named('delivery.failed')?.failure).toMatchObject({
      message: expect.stringContaining('event #66'),
    });
    expect(named('delivery.skipped')?.skipped).toMatchObject({ message: 'no statistics' });
    expect(named('delivery.known')?.skipped).toMatchObject({ message: 'known failing: issue 7' });
    expect(named('delivery.unjudged')?.error).toBeDefined();
    expect(named('delivery.warned')?.failure).toBeUndefined();
  });

  it('html is one file on which nothing from the hub becomes markup', () => {
    const text = render('html');
    expect(text).not.toContain('<img');
    expect(text.match(/<\/script>/g)).toHaveLength(1);
    expect(text).not.toMatch(/(src|href)="(?!#)/);
    expect(text).not.toMatch(/(?![\n])\p{Cc}/u);
    expect(text).toContain('prefers-color-scheme: dark');
    expect(text).toContain('data-verdict="fail" open');
  });

  it.each([
    ['PASSED', [{}, { verdict: 'skip', reason: 'no' }], {}],
    ['FAILED', [{}, { verdict: 'fail' }, { verdict: 'error' }], {}],
    ['PASSED', [{}, { verdict: 'fail', knownFailing: 'a reason' }], {}],
    ['FAILED', [{}], { staleKnownFailing: ['delivery.example'] }],
    ['PASSED', [{ verdict: 'warn' }], {}],
    ['FAILED', [{ verdict: 'warn' }], { isStrict: true }],
    ['PASSED', [{ verdict: 'warn', knownFailing: 'a reason' }], { isStrict: true }],
    ['INCONCLUSIVE', [{}, { verdict: 'error' }], {}],
    ['INCONCLUSIVE', [{ verdict: 'skip' }], {}],
    ['INCONCLUSIVE', [], {}],
  ] as const)('html says %s where the exit code does (%#)', (word, checks, change) => {
    const { staleKnownFailing = [], isStrict = false } = change as {
      staleKnownFailing?: string[];
      isStrict?: boolean;
    };
    const settings = { ...result.settings, strict: isStrict };
    const judged = buildConformanceResult(checks.map(buildCheckResult), { staleKnownFailing, settings });
    expect(judgeRun(judged)).toBe(word.toLowerCase());
    expect(REPORTER_FORMS.html.render(judged)).toContain(`<strong>${word}</strong>`);
  });

  it('badge counts what passed of what was judged, in the color of the worst', () => {
    const { summary } = result;
    const judged = summary.pass + summary.fail + summary.warn + summary.error;
    const badge = JSON.parse(render('badge'));
    expect(badge).toEqual({
      schemaVersion: 1,
      label: 'conformance',
      message: `${summary.pass} of ${judged} passed`,
      color: 'red',
    });
  });

  it('github annotations stay on their line', () => {
    const lines = render('github').trimEnd().split('\n');
    expect(lines.every((line) => /^::(error|warning|notice) title=[^:,]*::/.test(line))).toBe(true);
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(2);
  });

  it('markdown keeps what the hub said inside its fence', () => {
    const text = render('markdown');
    const [before = '', fenced = '', after = ''] = text.split('````');
    expect(fenced).toContain('<img');
    expect(before + after).not.toContain('<img');
  });
});

describe('the pages about checks', () => {
  it('are up to date in docs/checks.md (npm run docs)', () => {
    const file = new URL('../../../docs/checks.md', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(renderCheckDocs(CHECKS));
  });

  it('explain a check with its clause', () => {
    const check = CHECKS.find(({ id }) => id === 'origin.null-refused');
    expect(check && renderExplanation(check)).toContain('Otherwise → rejected');
  });
});

// Reports on an exploration: every form has every finding with the command that replays it, and the JSON fits its schema.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { ExploreResult } from '../../conformance/explore/result.ts';
import { EXPLORE_REPORTERS } from './reporter-names.ts';
import { EXPLORE_FORMS } from './reporters.ts';

const RESULT: ExploreResult = {
  schemaVersion: 1,
  kit: { name: 'norn-loadtest', version: '0.1.0' },
  target: { adapter: 'stdio', url: 'ws://127.0.0.1:8800/ws' },
  seed: 7,
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 20_400,
  timeMs: 20_000,
  verdict: 'failed',
  partial: false,
  environment: { node: 'v20.19.0', platform: 'linux x64', cores: 2, hasSmallWindow: true },
  programs: 143,
  findings: [
    {
      id: 'lost.clients+proxy',
      kind: 'lost',
      title: 'events are missing: only with X-Forwarded-Host and 513 clients',
      who: 'client 513',
      got: '1 of 6 events are missing: event 5',
      also: ['no-pong: client 513: no Pong with the 7 bytes of its Ping'],
      reproduced: 'fresh',
      replays: { tries: 4, shown: 4 },
      repeat: 1,
      seen: 4,
      programs: [{ seed: 3, factors: { clients: 513, proxy: 'x-forwarded-host' } }],
      fileName: 'explore-7-1.json',
      command: 'norn-conformance explore --program reports/explore-7-1.json',
    },
  ],
  unconfirmed: ['late: client 2: event 9 took 2400 ms (a plain program)'],
  coverage: {
    values: { covered: 150, total: 157 },
    pairs: { covered: 6_000, total: 11_000 },
    missingValues: ['silence: 2000-7000'],
    missingPairs: ['client: go with proxy: via'],
  },
  obstacle: null,
  command: 'norn-conformance explore --time 20s --seed 7',
};

describe('reports on an exploration', () => {
  it.each(EXPLORE_REPORTERS)('%s names each finding and how to replay it', (name) => {
    const text = EXPLORE_FORMS[name].render(RESULT).replaceAll('\\', '');
    expect(text).toContain('513 clients');
    expect(text).toContain('explore-7-1.json');
    expect(text).toContain('event 9 took 2400 ms');
  });

  it('fit their JSON Schema', () => {
    const schema = new URL('../../conformance/schemas/explore.schema.json', import.meta.url);
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(schema, 'utf8')));
    expect(validate(JSON.parse(EXPLORE_FORMS.json.render(RESULT))) ? [] : validate.errors).toEqual([]);
  });

  it('count a failed case for each finding in JUnit, and one for the search', () => {
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(
      EXPLORE_FORMS.junit.render(RESULT),
    );
    expect([testsuites['@_tests'], testsuites['@_failures']]).toEqual(['2', '1']);
  });

  it('show on a terminal what was seen, whether it comes again, and what was not covered', () => {
    expect(EXPLORE_FORMS.terminal.render(RESULT)).toBe(`FAILED: 1 finding in 143 programs, 20.4 s, seed 7
ws://127.0.0.1:8800/ws (stdio adapter), norn-loadtest 0.1.0

1. events are missing: only with X-Forwarded-Host and 513 clients
   client 513: 1 of 6 events are missing: event 5
   also no-pong: client 513: no Pong with the 7 bytes of its Ping
   reproduced on a fresh hub 4 of 4 times; seen in 4 programs; id lost.clients+proxy
   replay: norn-conformance explore --program reports/explore-7-1.json

Coverage
   150 of 157 values of factors, 6000 of 11000 pairs of values (54 %)
   values not exercised: silence: 2000-7000

Seen once, not reproduced, not counted: late: client 2: event 9 took 2400 ms (a plain program)
`);
  });

  it('say how often a finding was shown, and in how many rounds; of one try only that it was', () => {
    const lineOf = (tries: number, shown: number, repeat: number): string | undefined => {
      const findings = RESULT.findings.map((one) => ({ ...one, replays: { tries, shown }, repeat }));
      const text = EXPLORE_FORMS.terminal.render({ ...RESULT, findings });
      return text.split('\n').find((line) => line.includes('reproduced on'));
    };
    expect(lineOf(6, 4, 16)).toContain(
      'reproduced on a fresh hub 4 of 6 times, each in up to 16 rounds; seen',
    );
    expect(lineOf(1, 1, 1)).toContain('reproduced on a fresh hub; seen');
  });

  it('report a known finding without failing its case', () => {
    const known = {
      ...RESULT,
      findings: RESULT.findings.map((one) => ({ ...one, knownFailing: 'issue 7' })),
    };
    expect(EXPLORE_FORMS.junit.render(known)).toContain('<skipped message="known failing: issue 7"');
    expect(EXPLORE_FORMS.terminal.render(known)).toContain('known failing: issue 7');
  });

  it('name an interruption and an early end', () => {
    const text = EXPLORE_FORMS.terminal.render({ ...RESULT, partial: true, obstacle: 'the hub is gone' });
    expect(text).toContain('The run was interrupted');
    expect(text).toContain('The search ended early: the hub is gone');
  });
});

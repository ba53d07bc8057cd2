// A finding that follows from another names it, whatever its cohort; nothing is dropped.
import { describe, expect, it } from 'vitest';
import type { Finding, FindingName } from '../result.ts';
import { nameCauses } from './consequences.ts';
import { type FindingInput, foldFindings } from './findings.ts';

const error = (name: FindingName, cohort?: string): Finding => ({
  name,
  severity: 'error',
  message: name,
  ...(cohort === undefined ? {} : { cohort }),
});
const causes = (...findings: Finding[]) =>
  nameCauses(findings).map(({ name, followsFrom }) => [name, followsFrom]);

describe('nameCauses', () => {
  it('puts the order of sagas below the eviction of clients that must be kept', () => {
    expect(causes(error('fast-evicted', 'fast'), error('saga-order'))).toEqual([
      ['fast-evicted', undefined],
      ['saga-order', 'fast-evicted'],
    ]);
  });

  it('names the first cause of a chain', () => {
    const found = [
      error('saga-order'),
      error('lost', 'fast'),
      error('not-evicted', 'stall'),
      error('blocked'),
    ];
    expect(causes(...found)).toEqual([
      ['saga-order', 'blocked'],
      ['lost', 'blocked'],
      ['not-evicted', 'blocked'],
      ['blocked', undefined],
    ]);
  });

  it('does not explain a loss by what happened to another cohort', () => {
    expect(causes(error('forgotten', 'stall'), error('lost', 'fast'))).toEqual([
      ['forgotten', undefined],
      ['lost', undefined],
    ]);
  });

  it('leaves a finding without a cause alone, and weighs a consequence no more than its cause', () => {
    expect(nameCauses([error('saga-order')])).toEqual([error('saga-order')]);
    const excused: Finding = { ...error('lost', 'fast'), severity: 'warning' };
    expect(nameCauses([excused, error('saga-order')])[1]).toMatchObject({ severity: 'warning' });
  });
});

describe('a saga out of order', () => {
  const namesFor = (reordered: number) => {
    const balance = { duplicated: 0, reordered, corrupted: 0, faults: [] };
    const problems = { count: 4, samples: ['event 222: step test arrived late'] };
    const input = {
      cohorts: [
        {
          cohort: { name: 'fast', clients: 1 },
          part: { balance, connected: 1, failures: [], subprotocols: {} },
        },
      ],
      events: [
        { schemaProblems: { count: 0 }, publishedSchemaProblems: { count: 0 }, sagaProblems: problems },
      ],
      origin: [],
      http: [],
    } as unknown as FindingInput;
    return foldFindings(input).map(({ name }) => name);
  };

  it('is a finding only where a client received its events in another order', () => {
    expect(namesFor(0)).toEqual([]);
    expect(namesFor(3)).toEqual(['reordered', 'saga-order']);
  });
});

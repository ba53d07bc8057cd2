// Known findings: which entries of a list account for a finding, and which mistakes are reported.
import { describe, expect, it } from 'vitest';
import { findKnownReason, parseKnownFindings } from './known-findings.ts';

const LIST = '- {id: lost.clients+proxy, reason: issue 7}\n- {id: late.*, reason: slow machine}\n';

describe('known findings', () => {
  it('are accepted by id, by kind, and by kind with a star', () => {
    const known = parseKnownFindings(LIST);
    if (!known.ok) throw new Error(known.problem);
    expect(findKnownReason('lost.clients+proxy', known.value)).toBe('issue 7');
    expect(findKnownReason('lost.clients', known.value)).toBe(undefined);
    expect(findKnownReason('late.stall', known.value)).toBe('slow machine');
    expect(findKnownReason('late', known.value)).toBe('slow machine');
  });

  it('of a kind that does not exist are a mistake', () => {
    const known = parseKnownFindings('- {id: slow.*, reason: x}');
    expect(known.ok ? '' : known.problem).toBe('entry 1: slow.*: there is no kind of finding "slow"');
  });
});

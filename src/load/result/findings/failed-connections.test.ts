// What a finding says of clients that could not connect.
import { describe, expect, it } from 'vitest';
import { describeFailures } from './failed-connections.ts';

describe('describeFailures', () => {
  it('names the most frequent reasons first, and counts the others', () => {
    const failures = { refused: 3, reset: 900, '503': 40, late: 2, odd: 1 };
    expect(describeFailures(failures)).toBe('900 x reset; 40 x 503; 3 x refused; 3 for other reasons');
  });

  it('takes reasons that differ only in a port for one', () => {
    const failures = { 'no address for port 40123': 2, 'no address for port 40124': 1, reset: 1 };
    expect(describeFailures(failures)).toBe('3 x no address for port 40123; 1 x reset');
  });

  it('keeps statuses apart', () => {
    expect(describeFailures({ 'answered 403': 1, 'answered 503': 2 })).toBe(
      '2 x answered 503; 1 x answered 403',
    );
  });

  it('says that attempts had not ended where none has failed', () => {
    expect(describeFailures({})).toBe('the attempts had not ended');
  });
});

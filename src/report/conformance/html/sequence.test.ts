// The picture of a wire log.
import { describe, expect, it } from 'vitest';
import type { WireFact } from '../../../session/wire-log.ts';
import { renderSequence as renderSequenceHtml } from './sequence.ts';

const renderSequence = (...wire: Parameters<typeof renderSequenceHtml>) =>
  renderSequenceHtml(...wire).toString();

const entry = (client: string, direction: 'in' | 'out' | 'kit', what: string, fact?: WireFact) => ({
  atMillis: 1,
  client,
  direction,
  what,
  ...(fact === undefined ? {} : { fact }),
});
const event = (client: string, sequence: number) =>
  entry(client, 'in', `event #${sequence} x`, { kind: 'event', sequence });
const stall = (client: string) => entry(client, 'kit', 'stops reading', { kind: 'stall' });

describe('the sequence picture', () => {
  it('has a lane for the hub and each client, and what was said, escaped', () => {
    const svg = renderSequence([entry('witness', 'in', 'text <b>'), entry('slow', 'kit', 'stopped reading')]);
    expect([...svg.matchAll(/class="lane">([^<]+)/g)].map(([, name]) => name)).toEqual([
      'hub',
      'witness',
      'slow',
    ]);
    expect(svg).toContain('text &lt;b&gt;');
    expect(svg).toContain('stopped reading');
  });

  it('is no picture without entries, and the last 40 of many', () => {
    expect(renderSequence([])).toBe('');
    const many = Array.from({ length: 100 }, (_, at) => entry('witness', 'in', `message ${at}`));
    expect(renderSequence(many).match(/<g /g)).toHaveLength(40);
    expect(renderSequence(many)).toContain('message 99');
  });

  it('draws events that only follow one another as one arrow for each client, and tells a gap', () => {
    const svg = renderSequence([
      stall('A'),
      ...[1, 2, 3].flatMap((n) => [event('B', n), event('C', 2 * n)]),
      entry('B', 'in', 'close 1013'),
      event('B', 9),
    ]);
    expect([...svg.matchAll(/<title>([^<]+)/g)].map(([, words]) => words)).toEqual([
      '1 ms: stops reading',
      '1 ms: 3 events, #1 to #3',
      '1 ms: 3 events, #2 … #6',
      '1 ms: close 1013',
      '1 ms: event #9 x',
    ]);
  });

  it('names the client that stops reading, and the one that witnesses it', () => {
    const svg = renderSequence([event('A', 1), stall('B')]);
    expect([...svg.matchAll(/class="lane">([^<]+)/g)].map(([, name]) => name)).toEqual([
      'hub',
      'A, witness',
      'B, slow client',
    ]);
  });

  it('draws each arrow from the lane of the hub, whichever client it goes to', () => {
    const svg = renderSequence([
      entry('A', 'in', 'one'),
      entry('B', 'out', 'two'),
      entry('C', 'in', 'three'),
    ]);
    const hubAt = Number(/<line x1="(\d+)"/.exec(svg)?.[1]);
    const starts = [...svg.matchAll(/<path d="M(\d+)/g)].map(([, from]) => Number(from));
    expect(starts).toEqual([hubAt + 4, hubAt + 4, hubAt + 4]);
  });
});

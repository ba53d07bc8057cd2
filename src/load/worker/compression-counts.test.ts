// What is counted of compression, over cohorts and workers, and what a result and its reports say of it.
import { describe, expect, it } from 'vitest';
import { compressionLines } from '../../report/loadtest/connections/compression-lines.ts';
import { foldCompression } from '../result/parts/compression.ts';
import type { LoadtestResult } from '../result/result.ts';
import { CompressionCounts, mergeCompressionParts } from './compression-counts.ts';

const SHARED = 'permessage-deflate; server_no_context_takeover';

function partOf(answers: readonly (string | undefined)[], wireBytes: number) {
  const counts = new CompressionCounts();
  for (const answer of answers) counts.open(answer);
  counts.close({ wireBytes, plainBytes: 3 * wireBytes }, wireBytes + 200);
  counts.close(undefined, 100);
  return counts.part;
}

const linesOf = (result: Pick<LoadtestResult, 'compression'>) => compressionLines(result as LoadtestResult);

describe('counts of compression', () => {
  it('are summed by answer, and say which answers keep a context', () => {
    const parts = [
      partOf([SHARED, 'permessage-deflate'], 1_000),
      undefined,
      partOf([SHARED, undefined], 2_000),
    ];
    const compression = foldCompression(parts, { wireBytes: 100, plainBytes: 255 });
    expect(compression).toEqual({
      agreed: [
        { extensions: SHARED, connections: 2, hasContextTakeover: false },
        { extensions: 'permessage-deflate', connections: 1, hasContextTakeover: true },
      ],
      declined: 1,
      wireBytes: 3_000,
      plainBytes: 9_000,
      ratio: 2.55,
      readBytes: 3_600,
    });
    expect(linesOf(compression === undefined ? {} : { compression })).toEqual([
      'compression: 2 connections without context takeover, 1 connections with context takeover, 1 without compression; ratio of the events 2.55; 3 KB of messages, 9 KB inflated; 3.6 KB read in all',
    ]);
  });

  it('say that the hub agreed with nobody, and nothing where nobody offered compression', () => {
    const compression = foldCompression([partOf([undefined], 0)], { wireBytes: 0, plainBytes: 0 });
    expect(compression).toMatchObject({ agreed: [], declined: 1, ratio: null });
    expect(linesOf(compression === undefined ? {} : { compression })).toEqual([
      'compression: offered, and the hub agreed with no client; 300 B read in all',
    ]);
    expect(mergeCompressionParts([undefined])).toBeUndefined();
    expect(foldCompression([undefined], { wireBytes: 0, plainBytes: 0 })).toBeUndefined();
    expect(linesOf({})).toEqual([]);
  });
});

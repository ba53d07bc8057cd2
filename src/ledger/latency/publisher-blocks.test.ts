// Which machine published what was due at a time, and what that leaves known of a latency.
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder, type DeliverySnapshot } from './delivery-recorder.ts';
import { mergeHistograms } from './latency-histogram.ts';
import { type PublisherBlock, PublisherBlocks } from './publisher-blocks.ts';

const block = (fromMicros: number, untilMicros: number, errorMicros: number): PublisherBlock => ({
  ...{ fromMicros, untilMicros, errorMicros },
});

function errorsAt(blocks: PublisherBlocks, ...dues: readonly number[]) {
  return dues.map((due) => blocks.blockOf(due)?.errorMicros);
}

describe('blocks of due times', () => {
  it('begin with their first microsecond, and end before the first one of the next', () => {
    const blocks = new PublisherBlocks();
    blocks.announce(block(1_000, 2_000, 1));
    blocks.announce(block(2_000, 3_000, 2));
    expect(errorsAt(blocks, 999, 1_000, 1_999, 2_000, 2_999, 3_000, 1_999)).toEqual([
      0,
      1,
      1,
      2,
      2,
      undefined,
      1,
    ]);
  });

  it('are the coordinator’s where none was announced, and before the first', () => {
    const blocks = new PublisherBlocks();
    expect(errorsAt(blocks, 0, 5_000)).toEqual([0, 0]);
    blocks.announce(block(1_000, 1_000, 0));
    expect(errorsAt(blocks, 999, 1_000, 5_000)).toEqual([0, undefined, undefined]);
  });

  it('may be announced in any order, and again with another publisher, in whole or in part', () => {
    const blocks = new PublisherBlocks();
    blocks.announce(block(3_000, 4_000, 3));
    blocks.announce(block(1_000, 2_000, 1));
    expect(errorsAt(blocks, 1_500, 2_500, 3_500)).toEqual([1, undefined, 3]);
    blocks.announce(block(1_000, 2_000, 0));
    blocks.announce(block(3_400, 3_600, 7));
    expect(errorsAt(blocks, 1_500, 3_399, 3_400, 3_599, 3_600, 3_999)).toEqual([0, 3, 7, 7, 3, 3]);
  });

  it('of hours ago are forgotten, and then unknown', () => {
    const blocks = new PublisherBlocks();
    for (let second = 0; second < 9_000; second++)
      blocks.announce(block(second * 1e6, (second + 1) * 1e6, 5));
    expect(errorsAt(blocks, 0, 807e6, 808e6, 8_999e6)).toEqual([undefined, undefined, 5, 5]);
  });
});

/** This machine's clock is 40 ms behind what it is believed to be, to within 100 microseconds. */
function createReader(isSame = false) {
  const recorder = createDeliveryRecorder();
  const blocks = new PublisherBlocks();
  const read = (atMicros: number, isContradicted = false) =>
    recorder.readClock({
      ...{ atMicros, isContradicted, isSame, blocks },
      ...(isSame ? { errorMicros: 0, offsetMicros: 0 } : { errorMicros: 100, offsetMicros: 40_000 }),
    });
  read(1_000_000);
  recorder.tick(1_000_000);
  return { recorder, blocks, read };
}

function rangeOf({ bounds, latency }: DeliverySnapshot) {
  const [lower, upper, own] = [bounds?.lower, bounds?.upper, bounds?.own].map((each) =>
    mergeHistograms(each ? [each] : []),
  );
  return {
    ...{
      least: lower?.meanMicros,
      most: upper?.meanMicros,
      estimated: mergeHistograms([latency]).meanMicros,
    },
    ...{ own: own?.count, unknown: bounds?.unknown },
  };
}

describe('a latency in a block', () => {
  it('is exact where its own machine published, by the offset that held then', () => {
    const { recorder, blocks } = createReader();
    blocks.announce({ ...block(990_000, 1_990_000, 300), offsetMicros: 40_070 });
    recorder.delivered(999_800, 1_000_000);
    expect(rangeOf(recorder.snapshot())).toEqual({
      least: 270,
      most: 270,
      estimated: 270,
      own: 1,
      unknown: 0,
    });
  });

  it('is as uncertain as both clocks where another machine published', () => {
    const { recorder, blocks } = createReader();
    blocks.announce(block(990_000, 1_990_000, 50));
    for (let client = 0; client < 3; client++)
      recorder.deliveredRun(Float64Array.of(999_800), 0, 0, 1, 1_000_000);
    expect(rangeOf(recorder.snapshot())).toEqual({
      least: 50,
      most: 350,
      estimated: 200,
      own: 0,
      unknown: 0,
    });
  });

  it('is exact for clients and publisher that both read the coordinator’s clock, and uncertain by the publisher’s alone otherwise', () => {
    const { recorder, blocks } = createReader(true);
    blocks.announce(block(900_000, 950_000, 0));
    blocks.announce(block(950_000, 990_000, 30));
    recorder.delivered(949_999, 1_000_000);
    expect(rangeOf(recorder.snapshot())).toMatchObject({ least: 50_001, most: 50_001, own: 1 });
    recorder.delivered(960_000, 1_000_000);
    expect(rangeOf(recorder.snapshot())).toMatchObject({ least: (50_001 + 39_970) / 2, own: 1 });
  });

  it('is unknown in a block that is announced too late, also after a clock that was set', () => {
    const { recorder, blocks, read } = createReader();
    blocks.announce(block(990_000, 990_000, 0));
    recorder.delivered(999_800, 1_000_000);
    blocks.announce({ ...block(990_000, 1_990_000, 300), offsetMicros: 40_000 });
    recorder.delivered(999_800, 1_000_000);
    const { bounds } = recorder.snapshot();
    const [lower, upper, own] = [bounds?.lower, bounds?.upper, bounds?.own].map((each) =>
      mergeHistograms(each ? [each] : []),
    );
    expect([lower?.count, upper?.count, own?.count, bounds?.unknown]).toEqual([2, 2, 1, 1]);
    expect([lower?.percentile(0.5), upper?.maxMicros]).toEqual([0, 2 ** 32 - 1]);
    read(1_100_000, true);
    expect(rangeOf(recorder.snapshot())).toMatchObject({ own: 0, unknown: 2 });
  });
});

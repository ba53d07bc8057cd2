// Samples of a run, of which a bounded number is kept: when there are too many, two neighbors become one. It has the state of the
// later, the events of both, and the larger memory of the hub.
import type { RunSample } from '../../result/timeline.ts';

/** Samples, and cohorts in them, together; each has some 100 bytes in a report. */
const MAX_ROWS = 1_800;
/** What a sample has besides its cohorts, as rows. */
const OWN_ROWS = 3;

export class SampleSeries {
  private kept: RunSample[] = [];
  /** How many samples one stands for, and how many the last one has so far. */
  private stride = 1;
  private inLast = 0;

  add(sample: RunSample): void {
    const last = this.kept.at(-1);
    if (last !== undefined && this.inLast < this.stride) {
      this.kept[this.kept.length - 1] = merged(last, sample);
      this.inLast++;
    } else {
      this.kept.push(sample);
      this.inLast = 1;
    }
    if (this.kept.length > MAX_ROWS / (OWN_ROWS + sample.clients.length)) this.thin();
  }

  get samples(): readonly RunSample[] {
    return this.kept;
  }

  private thin(): void {
    const isEven = this.kept.length % 2 === 0;
    this.kept = this.kept.flatMap((sample, at) => {
      if (at % 2 === 1) return [];
      const next = this.kept[at + 1];
      return [next === undefined ? sample : merged(sample, next)];
    });
    if (isEven) this.inLast += this.stride;
    this.stride *= 2;
  }
}

function merged(earlier: RunSample, later: RunSample): RunSample {
  return { ...later, events: sumOf(earlier.events, later.events), hub: hubOf(earlier.hub, later.hub) };
}

function sumOf(a: RunSample['events'], b: RunSample['events']): RunSample['events'] {
  const sum = { ...a };
  for (const [type, count] of Object.entries(b)) sum[type] = (sum[type] ?? 0) + count;
  return sum;
}

function hubOf(earlier: RunSample['hub'], later: RunSample['hub']): RunSample['hub'] {
  if (earlier === null || later === null) return later ?? earlier;
  return { ...later, rssBytes: Math.max(earlier.rssBytes, later.rssBytes) };
}

// Who published the events that were due at a time, where several machines publish in turn: each by its own clock, so that latencies
// are exact for the clients beside the publisher only. Hot where clients are on agents (npm run bench -- receive guards the path).

/** What one machine publishes: due times from the first to before the second, as events carry them, in whole microseconds. */
export interface PublisherBlock {
  readonly fromMicros: number;
  readonly untilMicros: number;
  /** Its due times are wrong by no more than this, drift until the end of the block included; 0 by the coordinator's clock. */
  readonly errorMicros: number;
  /** The reader's own machine publishes: an event is due there when its clock is at the due time less this. */
  readonly offsetMicros?: number | undefined;
}

/** Events due before the first block are the coordinator's, by its own clock. */
const BY_COORDINATOR: PublisherBlock = {
  fromMicros: Number.NEGATIVE_INFINITY,
  untilMicros: Number.POSITIVE_INFINITY,
  errorMicros: 0,
  offsetMicros: undefined,
};

/** More than two hours of blocks of a second, beyond which no latency is counted. */
const MAX_BLOCKS = 2 ** 13;

export class PublisherBlocks {
  /** In order of time; none overlaps another. */
  private blocks: PublisherBlock[] = [];
  private beginMicros = Number.POSITIVE_INFINITY;
  private latest: PublisherBlock = BY_COORDINATOR;

  /**
   * From the first block on, due times of no known block are unknown. The first is announced before `measure`, and may be empty, so that
   * it is there before the first event is measured. A later announcement counts for the times that it has in common with others.
   */
  announce({ fromMicros, untilMicros, errorMicros, offsetMicros }: PublisherBlock): void {
    const block: PublisherBlock = { fromMicros, untilMicros, errorMicros, offsetMicros };
    this.beginMicros = Math.min(this.beginMicros, fromMicros);
    this.latest = block;
    if (!(fromMicros < untilMicros)) return;
    const last = this.blocks.at(-1);
    if (last === undefined || last.untilMicros <= fromMicros) this.blocks.push(block);
    else this.blocks = [...this.blocks.flatMap((one) => without(one, block)), block].sort(byTime);
    while (this.blocks.length > MAX_BLOCKS) this.blocks.shift();
  }

  /** Undefined where nothing is known of it, or no more. */
  blockOf(dueMicros: number): PublisherBlock | undefined {
    const { latest } = this;
    if (dueMicros >= latest.fromMicros && dueMicros < latest.untilMicros) return latest;
    if (dueMicros < this.beginMicros) return BY_COORDINATOR;
    const found = this.blocks.findLast(({ fromMicros }) => fromMicros <= dueMicros);
    if (found === undefined || dueMicros >= found.untilMicros) return undefined;
    this.latest = found;
    return found;
  }
}

function byTime(one: PublisherBlock, other: PublisherBlock): number {
  return one.fromMicros - other.fromMicros;
}

/** What is left of a block that another one replaces in part. */
function without(block: PublisherBlock, { fromMicros, untilMicros }: PublisherBlock): PublisherBlock[] {
  const before = { ...block, untilMicros: Math.min(block.untilMicros, fromMicros) };
  const after = { ...block, fromMicros: Math.max(block.fromMicros, untilMicros) };
  return [before, after].filter((part) => part.fromMicros < part.untilMicros);
}

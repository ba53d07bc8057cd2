// A client that is behind with a few large events: its buffer counts messages, whatever their bytes.
import { type Finding, fail } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { overflow } from './overflow.ts';
import { stall } from './stalled.ts';

const MIB = 1024 * 1024;
/** The first that the hub takes; smaller ones are judged with a full buffer. Two are less than a buffer of huge events. */
const SIZES_BYTES = [4 * MIB, MIB];
const FEW = 2;
/** A hub whose writes have a time limit may have disconnected it after so long. */
const MOST_STALLED_MILLIS = 2_000;
const TRIES = 2;

/** A client that was evicted with the fewest large events outstanding, in both of two tries. */
export async function findEvictedByBytes(lab: Lab): Promise<Finding | undefined> {
  if (lab.settings.clientBufferMessages < FEW) return undefined;
  const witness = await lab.witness();
  for (const eventBytes of SIZES_BYTES) {
    const outcome = await lab.tryPublish([lab.series.next({ paddingBytes: eventBytes })], [witness]);
    if (!outcome.ok && outcome.kind !== 'refused' && outcome.kind !== 'unreachable') return undefined;
    if (!outcome.ok) continue;
    let got = '';
    for (let tried = 0; tried < TRIES; tried++) {
      const scene = stall(lab, await lab.witnesses(1, { window: 'small' }), [witness], eventBytes);
      const { isKept, stalledMillis, published, state } = await overflow(lab, scene, FEW, 'fewer');
      if (isKept || stalledMillis > MOST_STALLED_MILLIS) return undefined;
      got = `with ${published} events of ${eventBytes / MIB} MiB outstanding ${state}`;
    }
    return fail({ expected: 'a client is kept with a few large messages outstanding', got });
  }
  return undefined;
}

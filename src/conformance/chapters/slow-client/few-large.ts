// A client that is behind with few messages, one of them large: its buffer counts messages, whatever their bytes.
import { type Finding, fail } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { blanks, findDeliveryBreach } from '../delivery/account.ts';

const MIB = 1024 * 1024;
/** The first that the hub takes; smaller ones are judged with a full buffer. */
const SIZES_BYTES = [2.5 * MIB, 1.1 * MIB];
/** Behind the large one. */
const SMALL_EVENTS = 2;
/** A hub whose writes have a time limit may have disconnected it after so long. */
const MOST_STALLED_MILLIS = 2_000;
const TRIES = 2;

/** A client that is not kept with the large event and the small ones outstanding, in both of two tries. */
export async function findEvictedByBytes(lab: Lab): Promise<Finding | undefined> {
  if (lab.settings.clientBufferMessages <= SMALL_EVENTS) return undefined;
  let found: Finding | undefined;
  for (let tried = 0; tried < TRIES; tried++) {
    found = await stallBehindLarge(lab);
    if (found === undefined) return undefined;
  }
  return found;
}

async function stallBehindLarge(lab: Lab): Promise<Finding | undefined> {
  const witness = await lab.witness();
  const client = await lab.witness({ window: 'small' });
  const startMillis = lab.elapsedMillis();
  client.stopReading();
  const large = await publishLargest(lab, witness);
  if (large === undefined) return undefined;
  const small = await lab.publish(blanks(SMALL_EVENTS), [witness]);
  const stalledMillis = lab.elapsedMillis() - startMillis;
  client.readOn();
  const fence = await lab.fence([witness]);
  const { record } = client;
  const isOver = (): boolean => record.faults.length > 0 || record.sequences.at(-1) === fence;
  await client.until(isOver, 'what waited behind a large event');
  const expected = [large.sequence, ...small.map(({ sequence }) => sequence), fence];
  const breach = findDeliveryBreach(client, expected);
  client.destroy();
  if (breach === undefined || stalledMillis > MOST_STALLED_MILLIS) return undefined;
  const { got = '', basis = 'missing' } = breach;
  return fail(
    {
      expected: `a client is kept with ${1 + SMALL_EVENTS} messages outstanding, one of them of ${(large.bytes / MIB).toFixed(1)} MiB`,
      got,
    },
    { basis },
  );
}

/** Undefined where the hub takes none of these sizes, or does not answer. */
async function publishLargest(lab: Lab, witness: LabClient) {
  for (const bytes of SIZES_BYTES) {
    const event = lab.series.next({ paddingBytes: bytes });
    const outcome = await lab.tryPublish([event], [witness]);
    if (outcome.ok) return { sequence: event.sequence, bytes };
    // A server that refuses a body before it has read it may cut the connection instead of answering.
    if (outcome.kind !== 'refused' && outcome.kind !== 'unreachable') return undefined;
  }
  return undefined;
}

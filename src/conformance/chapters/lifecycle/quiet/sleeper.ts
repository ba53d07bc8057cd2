// A client of the quiet hub that falls behind by a few events and reads nothing for some seconds, as a laptop whose lid is
// closed for a moment: only a full buffer is a reason to disconnect it.
import { CheckEnded, type Finding, fail, warn } from '../../../finding.ts';
import { fillBacklog, findEventBytes } from '../../../lab/backlog.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { describeSeconds } from './explain-ends.ts';

/** Kernels take no event of this size whole; with less than the least it takes many to fill them. */
const [EVENT_BYTES, LEAST_EVENT_BYTES] = [256 * 1024, 15 * 1024];
/** One in flight, and one behind it. */
const WAITING_EVENTS = 2;
/** Longer than time limits that are meant for requests; many servers give a write five seconds, and may disconnect it then. */
const [ASLEEP_MILLIS, MOST_ASLEEP_MILLIS] = [4_300, 4_900];

export interface Sleeper {
  /** Resolves when it has read what waited, with what is wrong about that. */
  readonly woken: Promise<Finding | undefined>;
}

const NOBODY: Sleeper = { woken: Promise.resolve(undefined) };

/** When this resolves, it sleeps, and `others` have received what waits for it. */
export async function fallAsleep(lab: Lab, others: readonly LabClient[]): Promise<Sleeper> {
  try {
    const eventBytes = await findEventBytes(lab, EVENT_BYTES, others);
    if (eventBytes < LEAST_EVENT_BYTES || lab.settings.clientBufferMessages < WAITING_EVENTS) return NOBODY;
    const client = await lab.witness({ window: 'small' });
    client.stopReading();
    const fromMillis = lab.elapsedMillis();
    const { sequences } = await fillBacklog(lab, {
      ...{ stalled: [client], witnesses: others, eventBytes, outstanding: WAITING_EVENTS },
      whenUnseen: 'fewer',
    });
    const pings = countPings(others);
    const wake = async (): Promise<Finding | undefined> => {
      await lab.pause(ASLEEP_MILLIS);
      // It has answered no Ping meanwhile: a hub may take it for dead.
      const isPinged = countPings(others) > pings;
      const asleepMillis = lab.elapsedMillis() - fromMillis;
      return judgeWoken(client, { lab, expected: sequences, asleepMillis, isPinged });
    };
    const woken = wake();
    // Who waits for it learns of it.
    woken.catch(() => {});
    return { woken };
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    lab.note(`no client fell asleep: ${ended.message}`);
    return NOBODY;
  }
}

const countPings = (clients: readonly LabClient[]): number =>
  clients.reduce((sum, { record }) => sum + record.pings, 0);

interface Sleep {
  readonly lab: Lab;
  readonly expected: readonly number[];
  readonly asleepMillis: number;
  readonly isPinged: boolean;
}

async function judgeWoken(
  client: LabClient,
  { lab, expected, asleepMillis, isPinged }: Sleep,
): Promise<Finding | undefined> {
  const { record } = client;
  client.readOn();
  const hasAll = (): boolean => record.faults.length > 0 || record.sequences.length >= expected.length;
  await client.until(hasAll, 'what waited for a client that was asleep');
  const wasCut = client.end !== undefined;
  const isInOrder = record.sequences.every((sequence, at) => sequence === expected[at]);
  const state = record.faults[0]?.problem ?? describeState(client);
  const isWhole = record.faults.length === 0 && isInOrder && record.sequences.length === expected.length;
  const basis = basisOf(client);
  client.destroy();
  if (isWhole || lab.signal.aborted) return undefined;
  const wanted = `a client for which ${expected.length} messages wait is kept while it reads nothing for ${describeSeconds(asleepMillis)}, and receives them`;
  if (record.faults.length > 0 || !isInOrder || !wasCut) return fail({ expected: wanted, got: state }, basis);
  if (isPinged || asleepMillis > MOST_ASLEEP_MILLIS) return undefined;
  return warn({ expected: wanted, got: `${state}: the hub limits how long messages may wait` }, basis);
}

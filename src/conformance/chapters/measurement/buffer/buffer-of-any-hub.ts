// The depth of a hub's per-client buffer by the best way that this machine and this hub allow: counted exactly behind one
// event that plugs the way, or computed from several sizes where no single event is large enough to plug it.
import type { ReceiveWindow } from '../../../../wire/connection.ts';
import type { Lab } from '../../../lab/lab.ts';
import { type BufferFound, confirmLimit, findBuffer, type LimitFound } from './buffer-search.ts';
import { type KeptAtSize, solveDepth } from './depth-from-sizes.ts';
import type { Bounds } from './depth-search.ts';
import { climb, type LadderPlan } from './stalled-ladder.ts';

export interface BufferMeasured {
  /** What the (last) search found. */
  readonly found: BufferFound;
  /** Messages that wait beside the one in flight. */
  readonly depth?: { readonly low: number; readonly high: number };
  /** The limit is not a number of messages: so many bytes waited at most, as far as large events tell. */
  readonly byteLimit?: { readonly low: number; readonly high: number; readonly fate: LimitFound['fate'] };
  readonly method: string;
}

const KIB = 1024;
/** Kernels hide about 48 KiB of a small window. */
const EXACT_PLUGS_BYTES = [256 * KIB, 64 * KIB];
/** Beyond so many messages outstanding a buffer counts as unbounded. */
const MOST_MESSAGES = 5_000;
const LARGE_BYTES = 64 * KIB;
/** Large events are tried up to this many: 32 MiB that wait for one client. */
const MOST_LARGE_MESSAGES = 512;
/** Beyond so many it takes too long to ask again with large events. */
const CONFIRMED_WITH_LARGE_MESSAGES = 1_100;
/** 16 MiB: a hub that keeps this much does not limit bytes, as far as the time allows to see. */
const ENOUGH_LARGE_MESSAGES = 256;
const FEW_MESSAGES = 2;
const LONGER = 1.3;

/** On a slow route no more than there is time for. */
const mostMessages = (lab: Lab): number => lab.affordable({ wanted: MOST_MESSAGES, fewest: 1 });

export async function measureBuffer(lab: Lab, window: ReceiveWindow): Promise<BufferMeasured> {
  if (window === 'small') {
    for (const bytes of EXACT_PLUGS_BYTES) {
      const measured = await countBehindPlug(lab, bytes);
      if (measured.found.kind !== 'refused') return measured;
    }
  }
  return computeFromSizes(lab, window);
}

async function countBehindPlug(lab: Lab, plugBytes: number): Promise<BufferMeasured> {
  const plan = { window: 'small', plug: { messages: 1, bytes: plugBytes }, eventBytes: 0 } as const;
  const guessMessages = lab.settings.clientBufferMessages + 1;
  const found = await findBuffer(lab, { ...plan, guessMessages, mostMessages: mostMessages(lab) });
  const method = `small events behind one of ${plugBytes / KIB} KiB, with a small receive window`;
  if (found.kind === 'unbounded') return { found, method, ...(await findByteLimit(lab, plugBytes)) };
  if (found.kind !== 'found') return { found, method };
  const timed = await findTimeLimit(lab, plan, found);
  if (timed !== undefined) return { found: timed, method };
  const depth = found.keptMessages - 1;
  const exact = { found, depth: { low: depth, high: depth }, method };
  const largePlan = { ...plan, eventBytes: LARGE_BYTES };
  if (found.keptMessages > CONFIRMED_WITH_LARGE_MESSAGES) {
    const { rungs } = await climb(lab, { ...largePlan, rungs: [ENOUGH_LARGE_MESSAGES] });
    return rungs[0]?.fate === 'kept' ? exact : { ...exact, ...(await findByteLimit(lab, plugBytes)) };
  }
  const large = await confirmLimit(lab, largePlan, found.keptMessages);
  if (large.kind === 'found') return { ...exact, found: soonerOf(found, large) };
  const small = await confirmLimit(lab, plan, found.keptMessages);
  if (small.kind !== 'found') return { found: { kind: 'unsteady', bounds: small.bounds }, method };
  return { ...exact, ...(await findByteLimit(lab, plugBytes)) };
}

/** Was it only the time? A client with next to nothing waiting must be kept for longer than the one that was lost. */
async function findTimeLimit(
  lab: Lab,
  plan: Omit<LadderPlan, 'rungs'>,
  { keptMessages, stalledMillis }: LimitFound,
): Promise<BufferFound | undefined> {
  if (keptMessages <= FEW_MESSAGES) return undefined;
  const holdMillis = stalledMillis * LONGER;
  const { rungs } = await climb(lab, { ...plan, rungs: [FEW_MESSAGES], holdMillis });
  const fate = rungs[0]?.fate;
  return fate === undefined || fate === 'kept'
    ? undefined
    : { kind: 'timed', stalledMillis: holdMillis, fate };
}

/** A delay is the hub's when it shows every time. */
function soonerOf(first: LimitFound, second: LimitFound): LimitFound {
  return { ...first, delayMillis: Math.min(first.delayMillis, second.delayMillis) };
}

/** Is there a limit in bytes? Asked with large events only where small ones did not tell the whole truth. */
async function findByteLimit(lab: Lab, plugBytes: number): Promise<Pick<BufferMeasured, 'byteLimit'>> {
  const found = await findBuffer(lab, {
    window: 'small',
    plug: { messages: 1, bytes: plugBytes },
    eventBytes: LARGE_BYTES,
    guessMessages: 1,
    mostMessages: MOST_LARGE_MESSAGES,
  });
  if (found.kind !== 'found') return {};
  const low =
    Math.min(plugBytes, found.keptMessages * plugBytes) + Math.max(0, found.keptMessages - 1) * LARGE_BYTES;
  return { byteLimit: { low, high: low + LARGE_BYTES, fate: found.fate } };
}

/** Sizes, and more than kernels hide of each window. */
const SIZES = {
  small: { sizes: [32 * KIB, 16 * KIB, 8 * KIB], hiddenBytes: 256 * KIB },
  default: { sizes: [4_096 * KIB, 2_048 * KIB, 1_024 * KIB], hiddenBytes: 12_288 * KIB },
} as const;

async function computeFromSizes(lab: Lab, window: ReceiveWindow): Promise<BufferMeasured> {
  const { sizes, hiddenBytes } = SIZES[window];
  const seen: KeptAtSize[] = [];
  let found: BufferFound = { kind: 'refused', problem: 'no size was tried' };
  for (const bytes of sizes) {
    const plan = { window, plug: { messages: Math.ceil(hiddenBytes / bytes) + 1, bytes }, eventBytes: 0 };
    const guessMessages = seen.at(-1)?.keptMessages ?? lab.settings.clientBufferMessages + 1;
    const search = await findBuffer(lab, { ...plan, guessMessages, mostMessages: mostMessages(lab) });
    const nearly = search.kind === 'unsteady' ? await settleNearby(lab, plan, search.bounds) : undefined;
    found = nearly ?? search;
    const slackMessages = nearly === undefined ? 0 : 1;
    if (found.kind === 'found')
      seen.push({ eventBytes: bytes, keptMessages: found.keptMessages, slackMessages });
    else if (found.kind !== 'refused') break;
  }
  const used = seen.map(({ eventBytes }) => `${eventBytes / KIB} KiB`).join(', ');
  const method = `computed from events of ${used || 'no size'}, with a ${window} receive window`;
  const depth = seen.length >= 2 && found.kind === 'found' ? solveDepth(seen) : undefined;
  return { found, method, ...(depth && { depth }) };
}

/** Messages by which kernels may hide more of one client than of another. */
const NEARBY_MESSAGES = 4;

/** Kernels do not hide the same of every client: the limit is near the bounds, and a few messages on it shows. */
async function settleNearby(
  lab: Lab,
  plan: Omit<LadderPlan, 'rungs'>,
  { keptMessages }: Bounds,
): Promise<LimitFound | undefined> {
  const { rungs, stalledMillis } = await climb(lab, {
    ...plan,
    rungs: [keptMessages + NEARBY_MESSAGES],
  });
  const fate = rungs[0]?.fate;
  return fate === undefined || fate === 'kept'
    ? undefined
    : { kind: 'found', keptMessages, fate, delayMillis: 0, stalledMillis };
}

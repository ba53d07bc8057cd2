// How much a hub keeps for a client that does not read: as much as the buffer holds, and one message in flight.
import type { Check } from '../../check.ts';
import { error, FACTS, type Finding, fail, pass, warn } from '../../finding.ts';
import { mostHiddenEvents } from '../../lab/backlog.ts';
import type { Lab } from '../../lab/lab.ts';
import { FEW_AT_ONCE } from '../../lab/route/publish-unordered.ts';
import { findEvictedByBytes } from './few-large.ts';
import { fits, overflow } from './overflow.ts';
import { HUGE_EVENT_BYTES, stallClients, uncountable } from './stalled.ts';

export const depth: Check = {
  id: 'slow-client.depth',
  chapter: 'slow-client',
  title: 'a client is kept with a full buffer and one message in flight, and evicted at the next message',
  level: 'must',
  clause: {
    source: 'protocol: Hub Architecture',
    quote:
      'Per-client send buffer — buffered channel (64 messages) prevents slow clients from blocking others',
  },
  needs: ['broadcast'],
  deadlineMillis: 240_000,
  explain:
    "Too small a buffer evicts clients that would have recovered; too large a one multiplies by every client. The buffer is counted from outside, with events that no kernel hides, or with the kernel's figures about its own queues: with 65 messages outstanding (64 queued, one in flight) a client is kept and receives all of them, at 66 it is evicted. A hub that drops the 66th and continues leaves a gap in the stream. The buffer counts messages, not bytes: with an event of 2.5 MiB and two small ones outstanding (1.1 MiB, if the hub takes no larger ones) a client is kept, too. A hub that counts the message in flight among its 64 evicts at 65, which is a warning, because from outside it looks like a buffer of 63. When so many events take more than eight seconds, a time limit for writes looks the same as a small buffer, and the check cannot judge. --client-buffer shifts all numbers.",
  isolation: 'alone',
  async run(lab) {
    const found = await judgeFullBuffer(lab);
    return found.verdict === 'pass' ? ((await findEvictedByBytes(lab)) ?? found) : found;
  },
};

/** With the most messages that a client is kept with, and with one more. */
const FEWEST_TRIALS = 2;
const KIB = 1024;
/** Less than the ten seconds that many hubs give to a write. */
const WRITE_LIMIT_MILLIS = 8_000;

/** Events that together are small for any hub that limits the bytes which wait for a client. */
const SMALL_EVENT_BYTES = 16 * KIB;

async function judgeFullBuffer(lab: Lab): Promise<Finding> {
  const limit = fits(lab);
  const buffer = lab.settings.clientBufferMessages;
  const events = FEWEST_TRIALS * (limit + 1);
  lab.affordable({ wanted: events, fewest: events, atOnce: FEW_AT_ONCE });
  const kept = await tryDepth(lab, limit, 'fewer');
  const expected = `kept with ${limit} messages outstanding, evicted at ${limit + 1 + kept.slack}`;
  if (!kept.isKept && !(await tryDepth(lab, limit, 'fewer')).isKept) {
    const fewer = await tryDepth(lab, limit - 1, 'fewer');
    if (fewer.isKept) return warn({ expected, got: `evicted at ${limit}` }, measured(buffer - 1, kept));
    if (fewer.stalledMillis > WRITE_LIMIT_MILLIS)
      return error(
        `events of this size are so slow that the client was stalled for ${(fewer.stalledMillis / 1e3).toFixed(1)} s, and a hub may limit the time of a write: the cause of the eviction is unknown`,
      );
    return fail({ expected, got: fewer.damage ?? (await describeLimit(lab, limit, fewer)) });
  }
  // A hub may serve the stalled client a moment after the witness: kept must be seen every time to be believed.
  const tooMany = limit + 1 + kept.slack;
  for (let attempt = 0; attempt < 3; attempt++) {
    const trial = await tryDepth(lab, tooMany, 'more');
    if (trial.gapWhileKept !== undefined)
      return fail(
        {
          expected,
          got: `with ${tooMany} outstanding it was kept, and events were dropped: ${trial.gapWhileKept}`,
        },
        FACTS,
      );
    if (!trial.isKept) return pass(measured(buffer, kept));
  }
  return fail({ expected, got: `kept with ${tooMany} outstanding, in 3 of 3 tries` });
}

/** Evicted with fewer messages than a buffer holds: is the limit a number of messages, or of bytes? */
async function describeLimit(lab: Lab, limit: number, huge: DepthTrial): Promise<string> {
  const got = `evicted with no more than ${limit - 1} events of ${Math.round(huge.eventBytes / KIB)} KiB outstanding`;
  if (huge.eventBytes <= SMALL_EVENT_BYTES) return got;
  const small = await tryDepth(lab, limit, 'fewer', SMALL_EVENT_BYTES);
  return small.isKept
    ? `${got}, kept with ${limit} of ${SMALL_EVENT_BYTES / KIB} KiB: the hub limits the bytes that wait, not the messages`
    : got;
}

interface DepthTrial {
  readonly eventBytes: number;
  readonly isKept: boolean;
  readonly stalledMillis: number;
  /** What it is when the client was neither kept whole nor evicted. */
  readonly damage: string | undefined;
  /** Events are missing, and a later one reached the client, which is still connected. */
  readonly gapWhileKept: string | undefined;
  /** Messages more than counted that a correct hub may have waiting: see uncountable. */
  readonly slack: number;
  /** Messages that kernels may have hidden from the count; 0 where they could be seen. */
  readonly hidden: number;
}

async function tryDepth(
  lab: Lab,
  outstanding: number,
  whenUnseen: 'more' | 'fewer',
  wantedBytes = HUGE_EVENT_BYTES,
): Promise<DepthTrial> {
  const scene = await stallClients(lab, 1, wantedBytes);
  const [victim] = scene.stalled;
  if (!victim) throw new Error('expected one client');
  const { isKept, stalledMillis, isCounted, drained, state } = await overflow(
    lab,
    scene,
    outstanding,
    whenUnseen,
  );
  const damage =
    drained.end === undefined ? `with ${outstanding} outstanding ${drained.firstGap ?? state}` : undefined;
  const gapWhileKept = drained.end === undefined ? drained.firstGap : undefined;
  const hidden = isCounted ? 0 : mostHiddenEvents(victim, scene.eventBytes);
  const { eventBytes } = scene;
  return { eventBytes, isKept, stalledMillis, damage, gapWhileKept, slack: uncountable(scene), hidden };
}

function measured(value: number, { slack, hidden }: DepthTrial) {
  return {
    measurements: {
      clientBufferMessages: { value, low: Math.max(0, value - hidden), high: value + slack + hidden },
    },
  };
}

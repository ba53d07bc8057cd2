// A client that does not read is disconnected when its buffer is full: with a contiguous prefix, and really.
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, type Measurement, pass, skip, warn } from '../../finding.ts';
import { type Disconnection, probeUntilClosed } from '../../lab/closed-probe.ts';
import type { Drained } from '../../lab/drain.ts';
import type { Lab } from '../../lab/lab.ts';
import { oneLate } from '../../timed-work.ts';
import { beyond, beyondTwice, justBeyond, type Overflow, overflow } from './overflow.ts';
import { findKeptOtherwise } from './overflow-otherwise.ts';
import {
  HUGE_EVENT_BYTES,
  LARGE_EVENT_BYTES,
  overflowsInTime,
  SLOW_CLAUSE,
  stallClients,
} from './stalled.ts';

export const evicted: Check = {
  id: 'slow-client.evicted',
  chapter: 'slow-client',
  title: 'a client that does not read is disconnected when its buffer is full',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that queues everything for a stalled client runs out of memory; one that drops events leaves a stale dashboard. One client stops reading at the socket while more large events are broadcast than its buffer holds; when it resumes reading it must not receive everything, and its connection must end (Close, FIN or reset). The same holds for a client that goes on sending, and for events that come in one request (not tried where events take long to clients).',
  isolation: 'alone',
  async run(lab) {
    const scene = await stallClients(lab, 1, HUGE_EVENT_BYTES);
    const { isKept, drained, state, published } = await overflow(lab, scene, beyond(lab, scene));
    const expected = `a client with more than ${lab.settings.clientBufferMessages} messages waiting is disconnected`;
    if (isKept)
      return fail({
        expected,
        got: `it was kept, and received all ${published} events of ${scene.eventBytes} B`,
      });
    if (drained.end) return (await findKeptOtherwise(lab)) ?? pass({ evidence: [state] });
    const gap = drained.firstGap;
    return gap
      ? fail({ expected, got: `it was kept, and events were dropped: ${gap}` }, FACTS)
      : fail({ expected, got: `it receives nothing more, and its connection stays open: ${state}` });
  },
};

export const contiguousPrefix: Check = {
  id: 'slow-client.contiguous-prefix',
  chapter: 'slow-client',
  title: 'an evicted client receives one contiguous prefix and nothing after it',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A consumer that is disconnected knows to fetch the state again; one that receives a stream with a gap cannot notice. The stalled client resumes reading: events must follow one another from the first, each as published and in its own message; only the last may be cut off by the end of the connection, and nothing follows it. A second client (where events do not take long to clients) overflows by as few events as possible and resumes at once, before a hub that cuts the connection after a delay has done so.',
  isolation: 'alone',
  async run(lab) {
    const evidence: string[] = [];
    const sizes = [HUGE_EVENT_BYTES, LARGE_EVENT_BYTES];
    for (const wantedBytes of sizes.slice(0, overflowsInTime(lab, sizes.length))) {
      const scene = await stallClients(lab, 1, wantedBytes);
      const isHuge = wantedBytes === HUGE_EVENT_BYTES;
      const outstanding = isHuge ? beyond(lab, scene) : justBeyond(lab, scene);
      const { drained, firstSequence } = await overflow(lab, scene, outstanding);
      const breach = findPrefixBreach(drained, firstSequence);
      if (breach) return breach;
      evidence.push(`${drained.sequences.length} events of ${scene.eventBytes} B, then the end`);
    }
    return pass({ evidence });
  },
};

function findPrefixBreach(
  { sequences, firstGap, changed, faults, hasBytesAfterTorn, hasDataAfterClose }: Drained,
  firstSequence: number,
): Finding | undefined {
  const breach = (got: string) =>
    fail(
      {
        expected: `events from #${firstSequence} on without a gap, as they were published, then the end`,
        got,
      },
      FACTS,
    );
  if (sequences.length > 0 && sequences[0] !== firstSequence)
    return breach(`the first event was #${sequences[0]}`);
  if (firstGap !== undefined) return breach(firstGap);
  if (changed.length > 0) return breach(`event #${changed[0]} arrived with different content than published`);
  if (hasBytesAfterTorn)
    return breach(
      'the last frame was not finished, and bytes of something else were written where its payload should go on',
    );
  if (hasDataAfterClose) return breach('a Close, and data after it');
  return faults[0] ? breach(faults[0].problem) : undefined;
}

export const saysWhy: Check = {
  id: 'slow-client.says-why',
  chapter: 'slow-client',
  title: 'an evicted client receives a Close frame with a reason',
  level: 'should',
  clause: {
    source: 'RFC 6455 7.1.7',
    quote:
      'An endpoint SHOULD send a Close frame with an appropriate status code before proceeding to _Fail the WebSocket Connection_.',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Without it a browser sees 1006 and cannot tell an eviction from a broken network. Codes 1008, 1011, 1013 and private ones (3000 to 4999) identify it. A hub that cuts the connection before everything queued was read is not judged.',
  isolation: 'alone',
  blockedBy: ['slow-client.evicted'],
  async run(lab) {
    const attempts = overflowsInTime(lab, SAYS_WHY_ATTEMPTS);
    // Smaller events are read sooner: a hub may cut short what it lets an evicted client read.
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { drained, state } = await overflowAtLast(lab);
      const code = drained.closeCode;
      if (isEvictionCode(code)) return pass({ evidence: [`Close ${code}`] });
      const isCutShort = code === undefined && drained.sequences.length < lab.settings.clientBufferMessages;
      if (!isCutShort) return fail({ expected: 'Close 1008, 1011 or 1013', got: state });
    }
    return skip('the connection ended before the client had read what was queued, where a Close would stand');
  },
};

/** Whether a Close tells a client that it was too slow, in one of the ways that servers have for it. */
export function isEvictionCode(code: number | undefined): boolean {
  return code === 1008 || code === 1011 || code === 1013 || (code !== undefined && code >= 3_000);
}

/** A client that the machine let read too late is tried again. */
const SAYS_WHY_ATTEMPTS = 3;

/** By as few events as possible; a hub that gives several messages to the kernel at once has more in flight. */
async function overflowAtLast(lab: Lab): Promise<Overflow> {
  const overflowBy = async (outstanding: typeof justBeyond): Promise<Overflow> => {
    const scene = await stallClients(lab, 1, LARGE_EVENT_BYTES);
    return overflow(lab, scene, outstanding(lab, scene));
  };
  const outcome = await overflowBy(justBeyond);
  return outcome.isKept ? overflowBy(beyondTwice) : outcome;
}

/** Several at once: a hub may close one and keep the others. */
const ABANDONED_CLIENTS = 5;

const latest = (probes: readonly Disconnection[]): Disconnection =>
  probes.reduce((last, probe) => (probe.afterMillis > last.afterMillis ? probe : last));

/** Beyond the kick deadline it is late, from so many times that on it counts as never. */
const NEVER_FACTOR = 3.5;
const LONGEST_WATCH_MILLIS = 100_000;
/** Half written as the others overflow: larger than what a socket buffer usually takes. */
const IN_FLIGHT_BYTES = 5 * 256 * 1024;

export const reallyDisconnected: Check = {
  id: 'slow-client.really-disconnected',
  chapter: 'slow-client',
  title: 'the hub closes the sockets of evicted clients that never read again',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast', 'direct'],
  deadlineMillis: 120_000,
  explain:
    'A writer that blocks on a full socket never processes the order to close: descriptor, buffers and threads remain for as long as the peer keeps its window closed. Five clients overflow on the same event, with one of 1.25 MiB half written where the hub takes that, never read again and send an unsolicited Pong every 100 ms; when the hub has closed a socket, its kernel answers with a reset. Measured until the last socket is closed: within --kick-deadline (10 s) it passes, within three and a half times that (35 s) it warns, beyond that it fails.',
  isolation: 'alone',
  blockedBy: ['slow-client.evicted'],
  async run(lab) {
    const scene = await stallClients(lab, ABANDONED_CLIENTS, LARGE_EVENT_BYTES);
    const inFlight = await lab.tryPublish(
      [lab.series.next({ paddingBytes: IN_FLIGHT_BYTES })],
      scene.witnesses,
    );
    if (!inFlight.ok) lab.note(`no event of ${IN_FLIGHT_BYTES} B is in flight: ${inFlight.problem}`);
    // A hub that hands several messages to the kernel at once keeps a whole buffer in flight beside the queued one.
    await scene.fill(beyondTwice(lab, scene));
    const { kickDeadlineMillis } = lab.settings;
    const fromMillis = lab.elapsedMillis();
    const probe = latest(
      await Promise.all(
        scene.stalled.map((victim) =>
          probeUntilClosed(victim, neverMillis(kickDeadlineMillis), () => lab.elapsedMillis()),
        ),
      ),
    );
    const seconds = (probe.afterMillis / 1e3).toFixed(1);
    const expected = `the sockets of ${ABANDONED_CLIENTS} clients are closed within ${kickDeadlineMillis / 1e3} s of the overflow, although they never read`;
    const basis = oneLate({ fromMillis, tookMillis: probe.afterMillis }, kickDeadlineMillis);
    if (!probe.isClosed) {
      const got = `one is still open after ${seconds} s: the client holds its descriptor and its buffers (slow-client.evicted shows whether it was evicted at all)`;
      const measurements = { kickMillis: neverKicked(probe.afterMillis) };
      return fail({ expected, got }, { measurements, basis });
    }
    const measurements = { kickMillis: { value: Math.round(probe.afterMillis) } };
    return probe.afterMillis <= kickDeadlineMillis
      ? pass({ measurements })
      : warn({ expected, got: `the last was closed after ${seconds} s` }, { measurements, basis });
  },
};

const neverKicked = (afterMillis: number): Measurement => ({
  value: null,
  low: Math.round(afterMillis),
  reason: 'a client that did not read was still connected',
});

function neverMillis(kickDeadlineMillis: number): number {
  return Math.max(kickDeadlineMillis, Math.min(NEVER_FACTOR * kickDeadlineMillis, LONGEST_WATCH_MILLIS));
}

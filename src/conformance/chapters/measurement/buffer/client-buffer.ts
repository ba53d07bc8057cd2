// The per-client buffer of any hub, in messages, and what happens to a client when it is full.
import { renderDurationMillis } from '../../../../units/duration.ts';
import { hasSmallWindow } from '../../../../wire/kernel/small-window-socket.ts';
import type { Check } from '../../../check.ts';
import { type Finding, type Measurement, pass, unmeasured } from '../../../finding.ts';
import type { Lab } from '../../../lab/lab.ts';
import { orUnmeasured } from '../or-unmeasured.ts';
import { type BufferMeasured, measureBuffer } from './buffer-of-any-hub.ts';
import type { LimitFound } from './buffer-search.ts';
import type { Fate } from './fate.ts';
import type { Blocked } from './stalled-feed.ts';
import { climb } from './stalled-ladder.ts';

const BUFFER = 'clientBufferMessages';
const POLICY = 'overflowPolicy';
/** Of a buffer that is as large as declared. */
const FEWEST_LADDERS = 3;
/** To the clients that read, and later to several that read on, one after the other. */
const DELIVERIES_EACH = 4;

export const clientBuffer: Check = {
  id: 'measurement.client-buffer',
  chapter: 'measurement',
  title: 'how many messages the hub queues for a client that does not read, and what happens at the next',
  level: 'info',
  clause: {
    source: 'protocol: Hub Architecture',
    quote:
      'Per-client send buffer — buffered channel (64 messages) prevents slow clients from blocking others',
  },
  needs: ['broadcast', 'direct'],
  deadlineMillis: 180_000,
  explain:
    'Buffer depth and overflow policy decide how a hub behaves under stress. They are measured from outside, in any hub with a buffer of up to 5,000 messages. Several clients stop reading before an event that is larger than what kernels hide; behind it every event waits in the hub. One after the other resumes, each with more messages queued, until one has lost something. The limit is then narrowed down to one message and confirmed with large events. What the losing client receives identifies the policy: kick, drop newest, drop oldest, drop some, forget (connected, but without further events), block (the others wait until it reads), block producers, hang (no client receives anything), or unbounded. `clientBufferMessages` counts messages beside the one in flight; a hub that limits bytes has `clientBufferBytes`, too. Where no receive window can be made small, or the hub takes no large events, the depth is computed from several sizes and has an interval.',
  isolation: 'alone',
  run: (lab) =>
    orUnmeasured([BUFFER, POLICY], async () => {
      await lab.witness();
      const fewest = FEWEST_LADDERS * (lab.settings.clientBufferMessages + 1);
      lab.affordable({ wanted: fewest, fewest, deliveriesEach: DELIVERIES_EACH });
      const measured = await measureBuffer(lab, hasSmallWindow() ? 'small' : 'default');
      lab.note(measured.method);
      return describeUnlimited(measured) ?? describeLimit(lab, measured);
    }),
};

function describeUnlimited({ found, byteLimit }: BufferMeasured): Finding | undefined {
  switch (found.kind) {
    case 'found':
      return undefined;
    case 'refused':
      return unmeasured([BUFFER, POLICY], `the hub takes no event that is large enough: ${found.problem}`);
    case 'unsteady': {
      const { keptMessages, lostMessages } = found.bounds;
      const seen = `kept with ${keptMessages} messages outstanding${lostMessages === undefined ? '' : `, lost with ${lostMessages}`}`;
      return unmeasured(
        [BUFFER, POLICY],
        `it is not the number of messages that decides: tries contradict each other (the last: ${seen})`,
      );
    }
    case 'timed': {
      const reason = `a client that does not read is lost within ${renderDurationMillis(found.stalledMillis)} with two messages waiting too: time decides, not their number`;
      return pass({
        measurements: {
          [BUFFER]: { value: null, reason },
          [POLICY]: { value: `${POLICIES[found.fate]}, after a time` },
        },
      });
    }
    case 'unbounded': {
      const least: Measurement = {
        value: null,
        low: found.keptMessages - 1,
        reason: `a client that did not read was kept with ${found.keptMessages} messages outstanding`,
      };
      const bytes = byteLimit && { clientBufferBytes: between(byteLimit) };
      const policy = byteLimit === undefined ? 'unbounded' : POLICIES[byteLimit.fate];
      return pass({ measurements: { [BUFFER]: least, [POLICY]: { value: policy }, ...bytes } });
    }
    case 'blocked':
      return describeBlock(found.blocked);
  }
}

function describeBlock({ who, atMessage, hasReachedSome, endedBy, lastedMillis }: Blocked): Finding {
  if (endedBy === 'lost') {
    return unmeasured(
      [BUFFER, POLICY],
      `event ${atMessage} did not reach the clients that read, though a later one did: what a stalled client misses tells nothing`,
    );
  }
  const evidence = [
    `at event ${atMessage} ${who} waited ${Math.round(lastedMillis)} ms, until the client read on${endedBy === 'nothing' ? ', and in vain after that' : ''}`,
  ];
  if (who === 'producers') {
    const reason = 'producers get no answer while a client does not read';
    return pass({
      evidence,
      measurements: { [BUFFER]: { value: null, reason }, [POLICY]: { value: 'block producers' } },
    });
  }
  // The hub is at the event that overflows the queue; when nobody has it yet, it may be the one before.
  const high = Math.max(0, atMessage - 2);
  const low = hasReachedSome ? high : Math.max(0, high - 1);
  const policy = endedBy === 'nothing' ? 'hang' : 'block';
  return pass({ evidence, measurements: { [BUFFER]: between({ low, high }), [POLICY]: { value: policy } } });
}

function between({ low, high }: { readonly low: number; readonly high: number }): Measurement {
  return { value: Math.round((low + high) / 2), low, high };
}

/** A hub that makes everybody wait so long for a client that it then gives up. */
const BLOCKING_MILLIS = 500;

async function describeLimit(lab: Lab, measured: BufferMeasured): Promise<Finding> {
  const found = measured.found as LimitFound;
  const { depth, byteLimit } = measured;
  const verdict = found.fate === 'forgotten' ? await watchForgotten(lab, found) : POLICIES[found.fate];
  const isBlocking = found.delayMillis >= BLOCKING_MILLIS;
  const ofBytes = ({ high }: { readonly high: number }): Measurement => ({
    value: null,
    reason: `bytes are limited, not messages: ${high} small ones wait, and far fewer large ones`,
  });
  const unsolved: Measurement = { value: null, reason: 'several sizes of events do not agree on one depth' };
  return pass({
    evidence: [
      `kept with ${found.keptMessages} messages outstanding, lost with ${found.keptMessages + 1}: ${found.fate}`,
    ],
    measurements: {
      [BUFFER]: depth === undefined ? unsolved : byteLimit === undefined ? between(depth) : ofBytes(depth),
      ...(byteLimit && { clientBufferBytes: between(byteLimit) }),
      [POLICY]: { value: isBlocking ? `block, then ${verdict}` : verdict },
      overflowDelayMillis: { value: Math.round(found.delayMillis) },
    },
  });
}

const POLICIES: Readonly<Record<LimitFound['fate'], string>> = {
  kicked: 'kick',
  'dropped-newest': 'drop newest',
  'dropped-oldest': 'drop oldest',
  'dropped-others': 'drop some',
  forgotten: 'forget',
};

/** A client that gets nothing more may only be disconnected late. */
async function watchForgotten(lab: Lab, { keptMessages }: LimitFound): Promise<string> {
  const result = await climb(lab, {
    window: 'small',
    plug: { messages: 1, bytes: 64 * 1024 },
    eventBytes: 0,
    rungs: [keptMessages + 1],
    forgottenMillis: lab.settings.kickDeadlineMillis,
  });
  const fate: Fate | undefined = result.rungs.at(-1)?.fate;
  return fate === undefined || fate === 'kept' ? POLICIES.forgotten : POLICIES[fate];
}

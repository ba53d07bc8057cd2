// Was each client let in or refused as it must be, kept or disconnected, and were its control frames answered? Pure.
import type { Fault } from '../../../session/recorded.ts';
import type { MemberRecord } from '../run/recording.ts';
import type { Violation, ViolationKind } from './violation.ts';

/** By these a hub refuses data from clients that should only listen. */
const POLICY_CODES: readonly (number | undefined)[] = [1003, 1008];
/** A hub may give up a client that answers no Ping because it does not read. */
const TOLERATED_STALL_MILLIS = 900;

export function judgeConnection(member: MemberRecord): readonly Violation[] {
  return [
    ...judgeHandshake(member),
    ...judgeFaults(member),
    ...judgeJoin(member),
    ...judgeEnd(member),
    ...judgePing(member),
    ...judgeClosing(member),
  ];
}

function judgeHandshake({ name, wanted, refusal }: MemberRecord): Violation[] {
  if (refusal === undefined)
    return wanted === 'refuse'
      ? [{ kind: 'origin-accepted', who: name, got: 'its handshake was answered with 101', isTimed: false }]
      : [];
  const { kind, problem, status } = refusal;
  if (wanted === 'refuse' && status !== 101) return [];
  if (kind === 'refused' && status === 101)
    return [{ kind: 'handshake-wrong', who: name, got: problem, isTimed: false }];
  if (wanted === 'either') return [];
  return [{ kind: 'handshake-refused', who: name, got: problem, isTimed: kind !== 'refused' }];
}

function judgeFaults({ name, faults, hasDataAfterClose }: MemberRecord): Violation[] {
  const [fault] = faults;
  if (fault !== undefined)
    return [
      {
        kind: kindOf(fault),
        who: name,
        got: fault.problem,
        isTimed: false,
      },
    ];
  return hasDataAfterClose
    ? [
        {
          kind: 'illegal-frame',
          who: name,
          got: 'data after the Close frame (RFC 6455 5.5.1)',
          isTimed: false,
        },
      ]
    : [];
}

function kindOf({ kind, isOwn }: Fault): ViolationKind {
  if (kind === 'frame' || kind === 'binary') return 'illegal-frame';
  return isOwn || kind === 'probe' ? 'damaged' : 'stray-message';
}

function judgeJoin({ name, wanted, refusal, owedFrom, end, fate, hasSentData }: MemberRecord): Violation[] {
  if (refusal !== undefined || wanted === 'refuse' || owedFrom !== undefined) return [];
  if (end !== undefined || fate === 'left' || hasSentData) return [];
  const got = 'it is connected, and received none of the events that the hub accepted since';
  return [{ kind: 'never-joined', who: name, got, isTimed: true }];
}

function judgeEnd(member: MemberRecord): Violation[] {
  const { name, fate, end, wanted } = member;
  if (wanted === 'refuse') return [];
  if (end === undefined)
    return fate === 'evicted'
      ? [{ kind: 'not-evicted', who: name, got: 'it is still connected', isTimed: true }]
      : [];
  if (fate !== 'kept') return [];
  if (member.hasSentData && POLICY_CODES.includes(end.closeCode)) return [];
  if (member.isAboveLimit) return [];
  if (member.stalledMillis > TOLERATED_STALL_MILLIS) return [];
  return [{ kind: 'disconnected', who: name, got: describeEnd(member), isTimed: true }];
}

function describeEnd({ end, hasSentData }: MemberRecord): string {
  const close = end?.closeCode === undefined ? 'without a Close frame' : `with Close ${end.closeCode}`;
  return `the hub ended its connection ${close} (${end?.kind})${end?.isTorn ? ', inside a frame' : ''}${hasSentData ? '; it had sent data' : ''}`;
}

function judgePing({ name, ping, end, fate }: MemberRecord): Violation[] {
  if (ping === undefined || ping.isAnswered || end !== undefined || fate !== 'kept') return [];
  return [
    { kind: 'no-pong', who: name, got: `no Pong with the ${ping.bytes} bytes of its Ping`, isTimed: true },
  ];
}

function judgeClosing({ name, closing }: MemberRecord): Violation[] {
  if (closing === undefined || closing.isAnswered) return [];
  return [{ kind: 'close-unanswered', who: name, got: 'no Close frame in answer to its own', isTimed: true }];
}

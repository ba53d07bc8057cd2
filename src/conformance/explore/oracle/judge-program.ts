// The oracle: from the recording of a program to what the hub did wrong. Pure. Where nothing can be said it says nothing.
import {
  explainByCores,
  explainsByRunner,
  explainWaits,
  type LateWork,
} from '../../run/starvation/starved.ts';
import type { HubRecord, MemberRecord, ProgramRecording } from '../run/recording.ts';
import { judgeConnection } from './judge-connections.ts';
import { judgeDeliveries } from './judge-deliveries.ts';
import { type Violation, worstFirst } from './violation.ts';

/** Longer than any correct hub takes on a machine that is not short of CPU time. */
const LATE_MILLIS = 2_000;
/** An event to many, or a large one, takes longer. */
const LATE_MILLIS_PER_MEMBER = 2;
const BYTES_PER_LATE_MILLI = 4_096;
/** With more clients a hub may say that it has enough. */
const MANY_MEMBERS = 200;
const OVERLOAD_STATUSES = [429, 503];

/** The gravest first. */
export function judgeProgram(recording: ProgramRecording): readonly Violation[] {
  if (recording.isInterrupted) return [];
  const isMany = recording.members.length > MANY_MEMBERS;
  const found = [
    ...judgeHub(recording.hub),
    ...recording.members.flatMap((member) => [
      ...(isMany && isOverload(member) ? [] : judgeConnection(member)),
      ...judgeDelay(member, recording),
    ]),
    ...judgeDeliveries(recording),
  ];
  return worstFirst(found.filter((violation) => !isDoubtful(violation, recording)));
}

function isDoubtful(
  { isTimed, late }: Violation,
  { runner, coreWaits, inVain, program }: ProgramRecording,
): boolean {
  if (!isTimed) return false;
  if (explainsByRunner(runner, late === undefined ? 0 : late.tookMillis - late.allowedMillis)) return true;
  const stretch =
    late === undefined ? explainWaits(coreWaits, inVain, program) : explainByCores(coreWaits, late);
  return stretch !== undefined;
}

/** The protocol is silent on how many clients a hub must take. */
function isOverload({ refusal }: MemberRecord): boolean {
  return refusal !== undefined && OVERLOAD_STATUSES.includes(refusal.status ?? 0);
}

function judgeHub(hub: HubRecord): Violation[] {
  const who = 'the hub';
  const found: Violation[] = [];
  if (hub.deadProblem !== undefined)
    found.push({ kind: 'hub-dead', who, got: hub.deadProblem, isTimed: true });
  const { publishProblem } = hub;
  if (publishProblem !== undefined && isFailure(publishProblem))
    found.push({
      kind: 'publish-failed',
      who,
      got: publishProblem.problem,
      isTimed: publishProblem.kind === 'timeout',
    });
  if (hub.extraClients)
    found.push({
      kind: 'clients-left',
      who,
      got: `${hub.extraClients} more than are connected`,
      isTimed: true,
    });
  if (hub.uncountedClients)
    found.push({
      kind: 'clients-uncounted',
      who,
      got: `${hub.uncountedClients} fewer than are connected`,
      isTimed: true,
    });
  if (hub.extraDescriptors)
    found.push({
      kind: 'descriptors-left',
      who,
      got: `${hub.extraDescriptors} more than before`,
      isTimed: true,
    });
  if (hub.extraMebibytes)
    found.push({
      kind: 'memory-kept',
      who,
      got: `${hub.extraMebibytes} MiB more than programs may take`,
      isTimed: true,
    });
  if (hub.unevenLimit !== undefined) {
    const { bytes, form } = hub.unevenLimit;
    const got = `a message of ${bytes} bytes ends a client, and the same message ${form} does not`;
    found.push({ kind: 'limit-uneven', who, got, isTimed: true });
  }
  return found;
}

/** A hub may refuse what it finds too large or too odd; it must not break. */
function isFailure({ kind, status }: NonNullable<HubRecord['publishProblem']>): boolean {
  return (
    kind === 'timeout' || kind === 'unreachable' || (status !== undefined && status >= 500 && status !== 503)
  );
}

function judgeDelay(member: MemberRecord, { published, members }: ProgramRecording): Violation[] {
  // What it did not read, or joined too late to be owed, may be as old as it is.
  if (member.stalledMillis > 0 || member.fate !== 'kept' || member.owedFrom === undefined) return [];
  const sentAt = new Map(
    published.map(({ sequence, sentAtMicros, acceptedAtMicros = sentAtMicros }) => [
      sequence,
      acceptedAtMicros,
    ]),
  );
  let worst: { readonly sequence: number; readonly late: LateWork } | undefined;
  const excessOf = (late?: LateWork): number =>
    late === undefined ? 0 : late.tookMillis - late.allowedMillis;
  for (const { sequence, atMicros, bytes } of member.deliveries) {
    const sent = sentAt.get(sequence);
    if (sent === undefined || sequence < member.owedFrom) continue;
    const millis = (atMicros - sent) / 1e3;
    const allowedMillis =
      LATE_MILLIS + members.length * (LATE_MILLIS_PER_MEMBER + bytes / BYTES_PER_LATE_MILLI);
    if (millis - allowedMillis <= excessOf(worst?.late)) continue;
    const late = { startMicros: sent, endMicros: atMicros, tookMillis: millis, allowedMillis };
    worst = { sequence, late };
  }
  if (worst === undefined) return [];
  const got = `event ${worst.sequence} took ${Math.round(worst.late.tookMillis)} ms`;
  return [{ kind: 'late', who: member.name, got, isTimed: true, late: worst.late }];
}

// Whether what arrived is one of our messages: others may publish on these subjects, too. What is not is treated as if it had not come.
import type {
  AgentBeat,
  Announcement,
  Claim,
  ClaimAnswer,
  ClockAnswer,
  CoordinatorBeat,
  RunEnd,
} from './messages.ts';
import { decodePayload } from './payload.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Far above what any machine has cores for. */
const MAX_WORKERS = 4_096;

/** Undefined for what is not meant. */
export function readMessage<T>(payload: Uint8Array, isMeant: (fields: Fields) => boolean): T | undefined {
  try {
    const value = decodePayload(payload);
    return isRecord(value) && isMeant(value) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

export const readAnnouncement = (payload: Uint8Array) =>
  readMessage<Announcement>(
    payload,
    ({ id, name, pool, host, kit, isFree, cores }) =>
      isName(id) && [name, pool, host, kit].every(isText) && typeof isFree === 'boolean' && isCount(cores, 1),
  );

export const readClaim = (payload: Uint8Array) =>
  readMessage<Claim>(
    payload,
    ({ run, kit, planDigest, workers }) =>
      isName(run) && [kit, planDigest].every(isText) && isCount(workers, 1) && workers <= MAX_WORKERS,
  );

export const readClaimAnswer = (payload: Uint8Array) =>
  readMessage<ClaimAnswer>(
    payload,
    ({ isAccepted, problem }) => isAccepted === true || (isAccepted === false && isText(problem)),
  );

export const readClockAnswer = (payload: Uint8Array) =>
  readMessage<ClockAnswer>(
    payload,
    ({ receivedMicros, answeredMicros }) =>
      Number.isFinite(receivedMicros) && Number.isFinite(answeredMicros),
  );

export const readAgentBeat = (payload: Uint8Array) =>
  readMessage<AgentBeat>(
    payload,
    ({ channel, clock, ended }) =>
      isChannelState(channel) &&
      (ended === undefined || isText(ended)) &&
      (clock === undefined ||
        (isRecord(clock) && Number.isFinite(clock.errorMicros) && isCount(clock.contradictions))),
  );

export const readCoordinatorBeat = (payload: Uint8Array) =>
  readMessage<CoordinatorBeat>(
    payload,
    ({ channel, heardMicros }) => isChannelState(channel) && Number.isFinite(heardMicros),
  );

export const readRunEnd = (payload: Uint8Array) =>
  readMessage<RunEnd>(payload, ({ because }) => isText(because));

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

export function isCount(value: unknown, least = 0): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A part of a subject, where dots, spaces and wildcards mean something else. */
function isName(value: unknown): value is string {
  return isText(value) && /^[\w-]+$/.test(value);
}

function isChannelState(value: unknown): boolean {
  return isRecord(value) && isCount(value.sent) && isCount(value.have);
}

// One client of the living hub while programs run: its connection, from where on events are owed to it, and what it did.
import { findDifference, parseExactJson } from '../../exact-json.ts';
import type { ClientHandshake } from '../../inputs/handshakes/client-handshake.ts';
import type { ExploreClient, OpenedClient } from './explore-client.ts';
import type { MemberRecord } from './recording.ts';
import { countReplayed, type Dialed } from './replayed-events.ts';
import { findTextOf } from './text-of-event.ts';

export interface Member {
  readonly name: string;
  readonly handshake: ClientHandshake;
  readonly dialed: Dialed;
  readonly client: ExploreClient | undefined;
  readonly refusal: MemberRecord['refusal'];
  owedFrom: number | undefined;
  owedUntil: number | undefined;
  fate: MemberRecord['fate'];
  /** Bytes of the largest message that it sent; 0: it sent no data. */
  sentBytes: number;
  /** The hub ends any client that sends a message as large. */
  isAboveLimit: boolean;
  ping: Buffer | undefined;
  /** Pongs received when the ping was sent. */
  pongsBefore: number;
  isClosing: boolean;
  stalledMillis: number;
  stalledSinceMicros: number | undefined;
  /** Deliveries of earlier programs. */
  deliveriesBefore: number;
  faultsBefore: number;
}

export function createMember(
  name: string,
  handshake: ClientHandshake,
  dialed: Dialed,
  opened: OpenedClient,
): Member {
  return {
    name,
    handshake,
    dialed,
    client: opened.ok ? opened.client : undefined,
    refusal: opened.ok ? undefined : opened,
    owedFrom: undefined,
    owedUntil: undefined,
    fate: 'kept',
    sentBytes: 0,
    isAboveLimit: false,
    ping: undefined,
    pongsBefore: 0,
    isClosing: false,
    stalledMillis: 0,
    stalledSinceMicros: undefined,
    deliveriesBefore: 0,
    faultsBefore: 0,
  };
}

/** Before the next program: what it has received so far has been judged. */
export function beginNextProgram(member: Member): void {
  const { client } = member;
  if (client === undefined) return;
  member.deliveriesBefore = client.record.deliveries.length;
  member.faultsBefore = client.record.faults.length;
  member.ping = undefined;
  member.stalledMillis = 0;
}

export function isConnected({ client }: Member): boolean {
  return client?.isOpen === true && !client.hasLeft;
}

/** It reads, and everything that is published now is owed to it. */
export function isListening(member: Member): boolean {
  if (isUnreadable(member) || member.owedFrom === undefined) return false;
  return isConnected(member) && member.client?.isReading === true;
}

/** Behind an illegal frame nothing more can be read. */
export function isUnreadable({ client }: Member): boolean {
  return client?.record.faults.some(({ kind }) => kind === 'frame') ?? false;
}

export function hasPong({ client, ping, pongsBefore }: Member): boolean {
  return (
    ping !== undefined &&
    (client?.record.pongs.slice(pongsBefore) ?? []).some(({ payload }) => payload.equals(ping))
  );
}

/** `resident`: the client that listens all the time. */
export function recordMember(
  member: Member,
  textOf: (sequence: number) => string | undefined,
  resident: Member | undefined,
): MemberRecord {
  const { client, ping, isClosing } = member;
  const record = client?.record;
  const end = client?.end;
  return {
    name: member.name,
    wanted: member.handshake.wanted,
    ...(member.refusal === undefined ? {} : { refusal: member.refusal }),
    owedFrom: member.owedFrom,
    owedUntil: member.owedUntil,
    deliveries: record?.deliveries.slice(member.deliveriesBefore) ?? [],
    changes: client === undefined ? [] : findChanges(client, member.deliveriesBefore, textOf),
    faults: record?.faults.slice(member.faultsBefore) ?? [],
    hasDataAfterClose: record?.hasDataAfterClose ?? false,
    fate: member.fate,
    end: end && {
      kind: end.kind,
      closeCode: record?.closes[0]?.code,
      isTorn: record?.hasPartial ?? false,
    },
    hasSentData: member.sentBytes > 0,
    isAboveLimit: member.isAboveLimit,
    ping: ping && { bytes: ping.length, isAnswered: hasPong(member) },
    closing: isClosing ? { isAnswered: (record?.closes.length ?? 0) > 0 } : undefined,
    isReading: client?.isReading ?? false,
    stalledMillis: member.stalledMillis,
    replayed:
      record === undefined
        ? 0
        : countReplayed(record, member.dialed, resident?.client?.record, member.deliveriesBefore),
  };
}

const SHOWN_CHANGES = 3;

/** What differs between published and received texts, where the texts were kept. */
function findChanges(
  { record }: ExploreClient,
  from: number,
  textOf: (sequence: number) => string | undefined,
): readonly string[] {
  const changed = record.deliveries.slice(from).filter(({ isIntact }) => !isIntact);
  return changed.slice(0, SHOWN_CHANGES).flatMap(({ sequence }) => {
    const sent = textOf(sequence);
    const got = sent === undefined ? undefined : findTextOf(sent, record.texts);
    if (sent === undefined || got === undefined) return [];
    const difference = findDifference(parseExactJson(sent), parseExactJson(got));
    return difference === undefined ? [] : [`event ${sequence}: ${difference}`];
  });
}

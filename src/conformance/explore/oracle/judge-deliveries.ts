// Did each client receive exactly what it was owed: every event once, in the one order of all, as it was published? Pure.
import type { MemberRecord, ProgramRecording, PublishedEvent } from '../run/recording.ts';
import type { Violation } from './violation.ts';

const SHOWN = 6;

export function judgeDeliveries(recording: ProgramRecording): readonly Violation[] {
  const { published, members } = recording;
  const first = published[0]?.sequence ?? Number.POSITIVE_INFINITY;
  const order = findOrder(recording);
  return members.flatMap((member) => {
    const own = { ...member, deliveries: member.deliveries.filter(({ sequence }) => sequence >= first) };
    return [
      ...judgeContent(own),
      ...judgeRepeats(own),
      ...judgePast(member),
      ...judgeProducers(own, published),
      ...(order === undefined ? judgeMissing(own, published) : judgeAgainst(own, order)),
    ];
  });
}

/** The order in which everybody must see the events: as published, or with several producers as one whole client saw it. */
function findOrder({ published, members }: ProgramRecording): readonly number[] | undefined {
  const accepted = published.filter(({ isAccepted }) => isAccepted).map(({ sequence }) => sequence);
  if (published.every(({ producer }) => producer === 0)) return accepted;
  const whole = members.find((member) => {
    const got = new Set(sequencesOf(member));
    return member.fate === 'kept' && accepted.every((sequence) => got.has(sequence));
  });
  return whole && unique(sequencesOf(whole));
}

function judgeContent({ name, deliveries, changes }: MemberRecord): Violation[] {
  const changed = deliveries.filter(({ isIntact }) => !isIntact);
  if (changed.length === 0) return [];
  const got =
    changes[0] ?? `event ${listSequences(changed.map(({ sequence }) => sequence))} has other content`;
  return [{ kind: 'changed', who: name, got, isTimed: false }];
}

function judgeRepeats(member: MemberRecord): Violation[] {
  const seen = new Set<number>();
  const repeated = sequencesOf(member).filter((sequence) => {
    if (seen.has(sequence)) return true;
    seen.add(sequence);
    return false;
  });
  if (repeated.length === 0) return [];
  const got = `received again: event ${listSequences(repeated)}`;
  return [{ kind: 'duplicated', who: member.name, got, isTimed: false }];
}

function judgePast({ name, replayed }: MemberRecord): Violation[] {
  if (replayed === 0) return [];
  const got = `${replayed} that all others had received before it connected`;
  // A hub that was stopped for a while may have had them on a queue still.
  return [{ kind: 'replayed', who: name, got, isTimed: true }];
}

function judgeProducers(member: MemberRecord, published: readonly PublishedEvent[]): Violation[] {
  const producers = new Map(published.map(({ sequence, producer }) => [sequence, producer]));
  const last = new Map<number, number>();
  for (const sequence of unique(sequencesOf(member))) {
    const producer = producers.get(sequence) ?? 0;
    const before = last.get(producer) ?? -1;
    if (sequence < before)
      return [
        {
          kind: 'reordered',
          who: member.name,
          got: `event ${sequence} of one producer came after event ${before}`,
          isTimed: false,
        },
      ];
    last.set(producer, sequence);
  }
  return [];
}

/** Compares with the order of all: no gap inside, and an end only where the client left or may have been evicted. */
function judgeAgainst(member: MemberRecord, order: readonly number[]): Violation[] {
  const places = new Map(order.map((sequence, place) => [sequence, place]));
  const got = unique(sequencesOf(member)).flatMap((sequence) => places.get(sequence) ?? []);
  const start = startOf(member, order, got);
  if (start === undefined) return [];
  const until = member.owedUntil ?? Number.POSITIVE_INFINITY;
  const have = new Set(got);
  const owed = order.flatMap((sequence, place) => (place >= start && sequence < until ? [place] : []));
  const missing = owed.filter((place) => !have.has(place));
  const lastPlace = got.reduce((last, place) => Math.max(last, place), -1);
  const inside = missing.filter((place) => place < lastPlace);
  const sequences = (of: readonly number[]): number[] => of.map((place) => order[place] as number);
  if (inside.length > 0) return [lost(member, sequences(inside), owed.length, false)];
  if (missing.length > 0 && mustHaveTheEnd(member))
    return [lost(member, sequences(missing), owed.length, true)];
  const at = got.findIndex((place, index) => index > 0 && place < (got[index - 1] as number));
  if (at === -1) return [];
  const [before, after] = sequences([got[at - 1] as number, got[at] as number]);
  const text = `event ${after} came after event ${before}, unlike at other clients`;
  return [{ kind: 'reordered', who: member.name, got: text, isTimed: false }];
}

/** The last events may be missing where it was cut off, which is judged with the connections, or has not read them yet. */
function mustHaveTheEnd({ fate, end, isReading, stalledMillis }: MemberRecord): boolean {
  if (fate === 'left') return stalledMillis === 0;
  return end === undefined && isReading;
}

/** Place of the first event that it must have: behind the join barrier, or the first that it has seen before that. */
function startOf(
  { owedFrom }: MemberRecord,
  order: readonly number[],
  got: readonly number[],
): number | undefined {
  const firstSeen = got.length === 0 ? undefined : got.reduce((least, place) => Math.min(least, place));
  if (owedFrom === undefined) return firstSeen;
  const barrier = order.findIndex((sequence) => sequence >= owedFrom);
  return Math.min(barrier === -1 ? order.length : barrier, firstSeen ?? order.length);
}

/** Without one order: only what is missing altogether. */
function judgeMissing(member: MemberRecord, published: readonly PublishedEvent[]): Violation[] {
  if (member.fate !== 'kept' || !mustHaveTheEnd(member) || member.owedFrom === undefined) return [];
  const have = new Set(sequencesOf(member));
  const owed = published.filter(
    ({ sequence, isAccepted }) => isAccepted && sequence >= (member.owedFrom ?? 0),
  );
  const missing = owed.map(({ sequence }) => sequence).filter((sequence) => !have.has(sequence));
  return missing.length === 0 ? [] : [lost(member, missing, owed.length, true)];
}

function lost({ name }: MemberRecord, missing: readonly number[], owed: number, isTimed: boolean): Violation {
  const got = `${missing.length} of ${owed} events are missing: event ${listSequences(missing)}`;
  return { kind: 'lost', who: name, got, isTimed };
}

const sequencesOf = ({ deliveries }: MemberRecord): number[] => deliveries.map(({ sequence }) => sequence);

const unique = (sequences: readonly number[]): number[] => [...new Set(sequences)];

function listSequences(sequences: readonly number[]): string {
  const more = sequences.length - SHOWN;
  return sequences.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

// What the ends of clients show that had nothing to do but to wait: after how long, which of them, and whether it was their
// age. Pure.
import { SAME_AGE_MILLIS } from '../idle.ts';

/** What is known of a client when it is judged. */
export interface Waiting {
  readonly name: string;
  /** Completes "a client that". */
  readonly does: string;
  /** Received an event before the silence. */
  readonly hasHeard: boolean;
  readonly fromMillis: number;
  /** Pings that it received, and answered. */
  readonly pings: number;
  /** Undefined while it is connected. */
  readonly end: { readonly atMillis: number; readonly how: string } | undefined;
}

interface Ends {
  /** Habit by habit. */
  readonly got: string;
  /** Of two with one habit, the one that connected later was disconnected after the same time. */
  readonly isSameAge: boolean;
  /** A client was disconnected that owed the hub nothing: no Ping had come that it might have answered too late. */
  readonly isUnprovoked: boolean;
}

/** Two that have been quiet since nearly the same moment show no age. */
const OTHER_AGE_MILLIS = 2 * SAME_AGE_MILLIS;

export function explainEnds(clients: readonly Waiting[]): Ends {
  const habits = [...new Set(clients.map(({ does }) => does))];
  const groups = habits.map((does) => clients.filter((client) => client.does === does));
  const isSameAge = groups.some(haveSameAge);
  const heard = clients.filter(({ hasHeard }) => hasHeard).map(({ name }) => name);
  const about = heard.length === 0 ? '' : ` (${heard.join(', ')} had received an event, the others none)`;
  return {
    got: `${groups.map(describeGroup).join('; ')}${about}`,
    isSameAge,
    isUnprovoked: clients.some(({ end, pings }) => end !== undefined && pings === 0),
  };
}

function describeGroup(clients: readonly Waiting[]): string {
  const hows = [...new Set(clients.flatMap(({ end }) => end?.how ?? []))];
  const ended = hows.map((how) => {
    const alike = clients.flatMap(({ name, fromMillis, end }) =>
      end?.how === how ? [`${describeSeconds(end.atMillis - fromMillis)} (${name})`] : [],
    );
    return `disconnected after ${alike.join(', ')}: ${how}`;
  });
  const kept = clients.filter(({ end }) => end === undefined).map(({ name }) => name);
  const parts = kept.length === 0 ? ended : [...ended, `still connected: ${kept.join(', ')}`];
  return `a client that ${clients[0]?.does}: ${parts.join(', ')}`;
}

function haveSameAge(clients: readonly Waiting[]): boolean {
  const ended = clients.flatMap(({ fromMillis, end }) =>
    end === undefined ? [] : [{ fromMillis, ageMillis: end.atMillis - fromMillis }],
  );
  return ended.some((one) =>
    ended.some(
      (other) =>
        other.fromMillis - one.fromMillis >= OTHER_AGE_MILLIS &&
        Math.abs(other.ageMillis - one.ageMillis) <= SAME_AGE_MILLIS,
    ),
  );
}

export const describeSeconds = (millis: number): string => `${(millis / 1e3).toFixed(1)} s`;

/** A process that ended like this crashed. One that was ended by a signal, or in order, may have been asked to by somebody. */
export const isCrash = (death: string): boolean =>
  /exited with code [1-9]|ended by SIG(SEGV|ABRT|BUS|ILL|FPE|TRAP)/.test(death);

// The times between beats, as they arrive at one end: a bus that passes everything on, and notes them.
import type { Bus } from '../../agents/nats/bus.ts';
import type { Clock } from '../../time/clock.ts';

export interface Beats {
  readonly count: number;
  readonly longestGapMillis: number;
}

export interface BeatWatch {
  readonly bus: Bus;
  /** Since this was called last. */
  take(): Beats;
}

/** `ending` of the subjects that carry beats. */
export function watchBeats(bus: Bus, ending: string, clock: Clock): BeatWatch {
  const lastMicros = new Map<string, number>();
  let [count, longestGapMillis] = [0, 0];

  function note(subject: string): void {
    const now = clock.nowMicros();
    const gapMillis = (now - (lastMicros.get(subject) ?? now)) / 1e3;
    lastMicros.set(subject, now);
    count++;
    longestGapMillis = Math.max(longestGapMillis, gapMillis);
  }

  return {
    bus: {
      ...bus,
      subscribe(subject, answer) {
        if (!subject.endsWith(ending)) return bus.subscribe(subject, answer);
        return bus.subscribe(subject, (payload) => {
          note(subject);
          return answer(payload);
        });
      },
    },
    take() {
      const beats = { count, longestGapMillis };
      [count, longestGapMillis] = [0, 0];
      return beats;
    },
  };
}

// How well the driver keeps its schedule: events sent late, at 10,000 a second on an absolute scale, against a timer
// that is set again after each batch, whose lateness adds up.

import { Publisher } from '../../load/coordinator/publisher.ts';
import type { DueEvent } from '../../load/plan/schedule.ts';
import { createSchedule } from '../../load/plan/schedule.ts';
import type { Target } from '../../target/target.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { Bench } from '../bench.ts';
import { compareTurns, median, takeTurns } from '../rounds.ts';

const EVENTS_PER_SECOND = 10_000;
const SECONDS = 30;
const SHORT_SECONDS = 2;
const BATCH_EVENTS = 10;
const BAR = { sense: 'at-most', ratio: 0.1, failsAt: 1 } as const;
const ENVELOPE = { type: 'deploy.progress', appId: 'shop', payload: { sagaId: 's', message: 'm' } };

interface Lateness {
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Of the last events: what a schedule that drifts has gathered by then. */
  readonly lastMicros: number;
}

export const scheduleBench: Bench = {
  name: 'schedule',
  title: 'how late events are sent at 10,000 a second, against a timer that is set again for each batch',
  async run({ rounds, isShort }) {
    const seconds = isShort ? SHORT_SECONDS : SECONDS;
    // One turn is long and looks at nothing but itself: no more than three are needed.
    const [ours = [], theirs = []] = await takeTurns(Math.min(rounds, 3), [
      () => runPublisher(seconds),
      () => runNaiveTimer(seconds),
    ]);
    const last = (turns: readonly Lateness[]) => turns.map(({ lastMicros }) => lastMicros);
    const p99 = median(ours.map(({ p99Micros }) => p99Micros));
    const p50 = median(ours.map(({ p50Micros }) => p50Micros));
    return {
      rows: [
        compareTurns(
          { name: `schedule, after ${seconds} s`, values: last(ours) },
          { name: 'timer set again', values: last(theirs) },
          'us late at the end',
          BAR,
        ),
      ],
      notes: [`sent minus due over ${seconds} s: p50 ${Math.round(p50)} us, p99 ${Math.round(p99)} us`],
    };
  },
};

/** The driver's own publisher, with a hub that takes everything at once. */
async function runPublisher(seconds: number): Promise<Lateness> {
  const target = {
    broadcast: (texts: readonly string[]) => Promise.resolve({ ok: true, accepted: texts.length }),
  } as unknown as Target;
  const publisher = new Publisher(target, 'bench', systemClock);
  publisher.measuredFromMicros = 0;
  let lastDueMicros = 0;
  let lastSentMicros = 0;
  const schedule = createSchedule(timeline(), systemClock.nowMicros() + 20_000, EVENTS_PER_SECOND);
  function* watched(): Generator<DueEvent, undefined> {
    for (let index = 0; index < EVENTS_PER_SECOND * seconds; index++) {
      const { value } = schedule.next();
      if (value === undefined) return undefined;
      yield value;
      // The publisher asks for the next event when it has taken this one.
      lastDueMicros = value.dueMicros;
      lastSentMicros = systemClock.nowMicros();
    }
    return undefined;
  }
  await publisher.run(watched(), new AbortController().signal);
  const { p50, p99 } = publisher.lateness.summary();
  return { p50Micros: p50, p99Micros: p99, lastMicros: lastSentMicros - lastDueMicros };
}

function* timeline() {
  for (;;) yield { atMillis: 0, envelope: ENVELOPE };
}

/** A millisecond, a batch, and again: what the timers are late adds up. */
async function runNaiveTimer(seconds: number): Promise<Lateness> {
  const startMicros = systemClock.nowMicros();
  let lastMicros = 0;
  const intervalMillis = (BATCH_EVENTS / EVENTS_PER_SECOND) * 1e3;
  for (let sent = 0; sent < EVENTS_PER_SECOND * seconds; sent += BATCH_EVENTS) {
    lastMicros = systemClock.nowMicros() - (startMicros + (sent / EVENTS_PER_SECOND) * 1e6);
    await pause(systemClock, intervalMillis);
  }
  return { p50Micros: lastMicros / 2, p99Micros: lastMicros, lastMicros };
}

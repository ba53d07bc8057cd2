// An agent that says anything that can be read, at any time: its run ends in time, and every event has one fate.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BroadcastOutcome, Target } from '../../../target/target.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createSchedule } from '../../plan/schedule.ts';
import { Publisher } from '../publisher.ts';
import type { FromProducer, ProducerSeat } from './producer-messages.ts';
import { Rota } from './rota.ts';
import { ScheduleAhead } from './schedule-ahead.ts';

const [BEGIN_MILLIS, MEASURED_MILLIS, LOST_MILLIS] = [3_000, 4_000, 5_000];

const few = fc.nat(12);
const outcomes: fc.Arbitrary<BroadcastOutcome> = fc.oneof(
  fc.record({ ok: fc.constant(true as const), accepted: few }),
  fc.record({
    ok: fc.constant(false as const),
    kind: fc.constantFrom('refused', 'unreachable', 'timeout', 'unsupported'),
    problem: fc.constant('no'),
    accepted: few,
    refused: few,
    status: fc.constantFrom(422, 429),
  }),
);
/** Of a block that is offered, as far as it is not a lie. */
const said = fc.record({
  afterMillis: fc.oneof(fc.nat(3), fc.nat(1_500)),
  kind: fc.constantFrom('accepted', 'accepted', 'declined', 'sent', 'sent', 'sent', 'done'),
  ...{ otherBlock: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 1 })) },
  first: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, few),
  ...{ events: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.nat(12)), outcome: outcomes, unsent: few },
  lateMicros: fc.nat(1_500_000),
});

it('is given up where it lies, and ends nothing and hangs nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 40 }), async (sayings) => {
      const clock = createSimulatedClock();
      let events: Parameters<ProducerSeat['listen']>[0] | undefined;
      let isLost = false;
      let at = 0;
      function say(message: FromProducer): void {
        if (isLost) return;
        try {
          events?.onMessage(message);
        } catch {
          // As a channel does where a message cannot be used.
          isLost = true;
          clock.after(LOST_MILLIS, () => events?.onEnd());
        }
      }
      const seat: ProducerSeat = {
        ...{ name: 'a', firstWorker: 0, workers: 1, isGone: () => isLost, mayPublish: () => !isLost },
        ...{ published: () => {}, declined: () => {} },
        listen: (all) => {
          events = all;
        },
        post(message) {
          if (message.kind === 'open') return;
          for (let more = 0; more < 3; more++) {
            const saying = sayings[at++ % sayings.length];
            if (saying === undefined) return;
            const { afterMillis, otherBlock, lateMicros, kind, ...fields } = saying;
            const block = message.block + otherBlock;
            const sentMicros = clock.nowMicros() + lateMicros;
            const times = { sentMicros, answeredMicros: sentMicros + 100, offsetMicros: 0, errorMicros: 1 };
            const said = { kind, block, problem: 'no', ...times, ...fields } as FromProducer;
            clock.after(afterMillis, () => say(said));
          }
        },
      };
      const target = {
        abilities: { batch: true },
        broadcast: async (texts: readonly string[]) => ({ ok: true, accepted: texts.length }),
      } as unknown as Target;
      const publisher = new Publisher(target, 'r', clock);
      const fates = new Set<number>();
      publisher.onRefused = (from, to) => {
        for (let number = from; number <= to; number++) {
          expect(fates.has(number)).toBe(false);
          fates.add(number);
        }
      };
      function* timeline() {
        for (;;) yield { atMillis: 0, envelope: { type: 'x', appId: 'a', payload: {} } };
      }
      const schedule = new ScheduleAhead(createSchedule(timeline(), clock.nowMicros(), 10));
      const rota = new Rota({
        ...{ clock, schedule, runId: 'r', seats: [seat], announce: () => {} },
        options: () => ({ broadcastUrl: 'http://hub.example/', headers: [], takesBatches: true }),
        requestEvents: () => publisher.requestEvents(),
      });
      publisher.rota = rota;
      const fromMicros = clock.nowMicros() + BEGIN_MILLIS * 1e3;
      publisher.measuredFromMicros = fromMicros;
      const stop = new AbortController();
      let isOver = false;
      const running = publisher.run(schedule, stop.signal).then(() => {
        isOver = true;
      });
      rota.begin(fromMicros, fromMicros + MEASURED_MILLIS * 1e3);
      await clock.advanceAsync(BEGIN_MILLIS + MEASURED_MILLIS);
      stop.abort();
      // The deadline of a request, and that of a report about it.
      await clock.advanceAsync(20_000);
      expect(isOver).toBe(true);
      await running;
      expect(publisher.settledSequences).toBe(publisher.acceptedEvents + fates.size);
    }),
    { numRuns: 100 },
  );
});

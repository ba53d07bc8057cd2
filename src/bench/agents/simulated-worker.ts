// A worker process that has no clients: it says what one with thousands says, as often, with histograms as long.
import { createLatencyHistogram, type EncodedHistogram } from '../../ledger/latency/latency-histogram.ts';
import type { StartWorker } from '../../load/coordinator/workers/worker-link.ts';
import { NO_RETURNS } from '../../load/worker/returns/return-messages.ts';
import type { CohortProgress, CohortSeconds } from '../../load/worker/worker-messages.ts';
import type { Clock, Timer } from '../../time/clock.ts';

const REPORT_MILLIS = 100;
const CLIENTS = 3_333;
const EVENTS_PER_SECOND = 10;
const COHORT = 'fast';

/** `seed` makes every worker's latencies its own. */
export function createSimulatedWorkers(clock: Clock, seed: number): StartWorker {
  return (index, { onMessage }) => {
    let timer: Timer | undefined;
    // Made once: agents share the cores with what is measured.
    const latency = latencyOfSecond(seed + index);
    let deliveries = 0;
    let second = Math.floor(clock.nowMicros() / 1e6);

    function report(): void {
      timer = clock.after(REPORT_MILLIS, report);
      deliveries += (CLIENTS * EVENTS_PER_SECOND * REPORT_MILLIS) / 1e3;
      const now = Math.floor(clock.nowMicros() / 1e6);
      const seconds = now > second ? [endedSecond(now - 1, latency)] : [];
      second = now;
      onMessage({
        ...{ kind: 'progress', lateMicros: 0, stalled: [], frameSizes: [], returns: NO_RETURNS },
        cohorts: [{ hub: 0, ...progress(deliveries) }],
        seconds,
      });
    }

    clock.after(0, () => onMessage({ kind: 'ready' }));
    return {
      post(message) {
        // As many processes, they report at different times.
        if (message.kind === 'start') timer = clock.after((seed * 37 + index * 31) % REPORT_MILLIS, report);
      },
      kill: () => timer?.cancel(),
    };
  };
}

function progress(deliveries: number): CohortProgress {
  const [attempted, connected, open, joined] = [CLIENTS, CLIENTS, CLIENTS, CLIENTS];
  const lowestNextSequence = Math.floor(deliveries / CLIENTS);
  return {
    ...{ name: COHORT, attempted, connected, open, joined, lowestNextSequence, evicted: 0 },
    deliveries: Math.floor(deliveries),
  };
}

/** Some 2 to 40 ms, in about as many buckets as a fan-out to thousands of clients fills. */
function latencyOfSecond(seed: number): EncodedHistogram {
  const latency = createLatencyHistogram();
  for (let event = 0; event < EVENTS_PER_SECOND; event++)
    for (let place = 0; place < 32; place++)
      latency.recordMany(2_000 + ((seed * 7_919 + event * 104_729 + place * 1_213) % 38_000), CLIENTS / 32);
  return latency.encode();
}

function endedSecond(second: number, latency: EncodedHistogram): CohortSeconds {
  return { name: COHORT, seconds: [{ second, deliveries: CLIENTS * EVENTS_PER_SECOND, latency }] };
}

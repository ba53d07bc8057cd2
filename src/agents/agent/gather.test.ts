// What an agent sends of what its workers say, on a simulated clock: how often, together, and without losing anything.
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../load/worker/agent/join-progress.ts';
import { NO_RETURNS } from '../../load/worker/returns/return-messages.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import type { OfWorker } from '../messages/messages.ts';
import { createGathering } from './gather.ts';

const NOTHING: Progress = {
  ...{ kind: 'progress', lateMicros: 0, cohorts: [], seconds: [], stalled: [], frameSizes: [] },
  returns: NO_RETURNS,
};
const progress = (worker: number, part: Partial<Progress>): OfWorker => ({
  worker,
  message: { ...NOTHING, ...part },
});
const drop = (clients: number) => ({ ...NO_RETURNS, drops: [{ cohort: 'fast', fault: 0, clients }] });

function setUp() {
  const clock = createSimulatedClock();
  const sent: { readonly atMillis: number; readonly all: readonly OfWorker[] }[] = [];
  const gathering = createGathering(clock, (all) => sent.push({ atMillis: clock.nowMicros() / 1e3, all }));
  return { clock, sent, gathering, startMillis: clock.nowMicros() / 1e3 };
}

describe('what workers say', () => {
  it('is sent four times a second while it is progress only, with everything that happened', async () => {
    const { clock, sent, gathering, startMillis } = setUp();
    for (let report = 0; report < 5; report++) {
      const lateMicros = report === 1 ? 30_000 : 0;
      gathering.add(progress(0, { lateMicros, frameSizes: [report], returns: drop(report) }));
      gathering.add(progress(1, {}));
      await clock.advanceAsync(100);
    }
    expect(sent.map(({ atMillis }) => atMillis - startMillis)).toEqual([250]);
    await clock.advanceAsync(100);
    expect(sent.map(({ all }) => all.map(({ worker }) => worker))).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(sent[0]?.all[0]).toEqual(
      progress(0, {
        lateMicros: 30_000,
        frameSizes: [0, 1, 2],
        returns: { ...NO_RETURNS, drops: [0, 1, 2].flatMap((clients) => drop(clients).drops) },
      }),
    );
  });

  it('is sent at once, and in order, where somebody waits for it', async () => {
    const { clock, sent, gathering, startMillis } = setUp();
    gathering.add(progress(0, { frameSizes: [1] }));
    gathering.add({ worker: 0, message: { kind: 'confirmed', id: 7 } });
    gathering.add(progress(0, { frameSizes: [2] }));
    await clock.advanceAsync(25);
    gathering.want(0);
    gathering.add(progress(0, { frameSizes: [3] }));
    await clock.advanceAsync(25);
    expect(sent.map(({ atMillis }) => atMillis - startMillis)).toEqual([25, 50]);
    expect(sent[0]?.all).toEqual([
      progress(0, { frameSizes: [1] }),
      { worker: 0, message: { kind: 'confirmed', id: 7 } },
      progress(0, { frameSizes: [2] }),
    ]);
  });

  it('is not sent any more once the run is over', async () => {
    const { clock, sent, gathering } = setUp();
    gathering.add(progress(0, {}));
    gathering.close();
    await clock.advanceAsync(1_000);
    expect(sent).toEqual([]);
  });
});

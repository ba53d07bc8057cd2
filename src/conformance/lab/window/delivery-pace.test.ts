// What the window learns of the pace of deliveries, in simulated time, from hubs whose events come at once, rest between two of
// them, or are all late; whichever clients read them.
import { describe, expect, it } from 'vitest';
import { createSeries } from '../../../session/series.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createSharedWindow, type WindowReader } from './shared-window.ts';

const PREFIX = 'cabx';
const ROW = 17;

interface Hub {
  /** From the answer to the client; and the rest of its writer after each event. */
  readonly lateMillis?: number;
  readonly restMillis?: number;
  /** From the request to the answer. */
  readonly answerMillis?: number;
}

function serve({ lateMillis = 0, restMillis = 0, answerMillis = 1 }: Hub, clients = 1) {
  const clock = createSimulatedClock();
  const window = createSharedWindow({ limit: 32, runPrefix: PREFIX, clock });
  const series = createSeries(`${PREFIX}00001`);
  const readers = Array.from({ length: clients }, () => ({ reader: window.addReader(), freeMicros: 0 }));
  const write = (to: { reader: WindowReader; freeMicros: number }, text: string): void => {
    const dueMicros = Math.max(to.freeMicros, clock.nowMicros() + lateMillis * 1_000);
    to.freeMicros = dueMicros + restMillis * 1_000;
    clock.after((dueMicros - clock.nowMicros()) / 1_000, () => to.reader.sawMessage(Buffer.from(text)));
  };
  async function publish(count: number): Promise<void> {
    const texts = Array.from({ length: count }, () => series.next().text);
    const request = window.request(texts);
    await clock.advanceAsync(answerMillis);
    request.accepted();
    for (const to of readers) for (const text of texts) write(to, text);
  }
  const later = (millis: number): Promise<void> => clock.advanceAsync(millis);
  return { publish, later, readers, deliveries: window.deliveries };
}

describe('the pace of deliveries', () => {
  it('is fast where events come at once', async () => {
    const { publish, later, deliveries } = serve({}, 3);
    for (let row = 0; row < 4; row++) {
      await publish(ROW);
      await later(5);
    }
    expect(deliveries).toMatchObject({ isSlow: false, isSettled: true, betweenMillis: 0, aloneMillis: 0 });
  });

  it('is the rest of a writer between two events of a request', async () => {
    const { publish, later, deliveries } = serve({ restMillis: 20 }, 3);
    for (let row = 0; row < 3; row++) {
      await publish(ROW);
      await later(1_000);
    }
    expect(deliveries).toMatchObject({ isSlow: true, isSettled: true, betweenMillis: 20, aloneMillis: 0 });
  });

  it('is known after the first row', async () => {
    const { publish, later, deliveries } = serve({ restMillis: 20 });
    await publish(ROW);
    await later(1_000);
    expect(deliveries).toMatchObject({ isSlow: true, isSettled: false, betweenMillis: 20 });
  });

  it('is known after a second of a row that takes longer', async () => {
    const { publish, later, deliveries } = serve({ restMillis: 250 });
    await publish(ROW);
    await later(900);
    expect(deliveries.isSlow).toBe(false);
    await later(200);
    expect(deliveries).toMatchObject({ isSlow: true, betweenMillis: 250 });
  });

  it('is the delay of an event to which none is ahead, and no rest, where all are late', async () => {
    const { publish, later, deliveries } = serve({ lateMillis: 250 });
    for (let row = 0; row < 3; row++) {
      await publish(ROW);
      await later(1_000);
      // The second is sent just before the first has come: what lies between them is no rest.
      await publish(1);
      await later(240);
      await publish(1);
      await later(1_000);
    }
    expect(deliveries).toMatchObject({ isSlow: true, betweenMillis: 0, aloneMillis: 250 });
  });

  it('is not that of a client that has stopped reading', async () => {
    const { publish, later, readers, deliveries } = serve({}, 2);
    readers[1]?.reader.pause();
    for (let row = 0; row < 3; row++) {
      await publish(ROW);
      await later(100);
    }
    expect(deliveries).toMatchObject({ isSlow: false, isSettled: true });
  });

  it('is not what a slow route takes', async () => {
    const { publish, later, deliveries } = serve({ answerMillis: 400 });
    for (let row = 0; row < 3; row++) {
      await publish(ROW);
      await later(10);
    }
    expect(deliveries).toMatchObject({ isSlow: false, betweenMillis: 0, aloneMillis: 0 });
  });
});

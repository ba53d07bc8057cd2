// The rows that are published before the first check: few to a fast hub, none on a slow route, and no wait for what is lost.
import { describe, expect, it } from 'vitest';
import { createSeries } from '../../../session/series.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { createDeliveryTimes } from './delivery-times.ts';
import { measureDeliveries } from './measure-deliveries.ts';

interface Hub {
  readonly betweenMillis: number;
  readonly routeMillis?: number;
  readonly clientBufferMessages?: number;
  readonly loses?: boolean;
}

async function measured({ betweenMillis, routeMillis = 1, clientBufferMessages = 64, loses = false }: Hub) {
  const deliveries = createDeliveryTimes();
  const sequences: number[] = [];
  const rows: number[] = [];
  let now = 0;
  const lab: Parameters<typeof measureDeliveries>[0] = {
    settings: { ...DEFAULT_SETTINGS, clientBufferMessages },
    series: createSeries('c0'),
    routeMillis,
    deliveries,
    elapsedMillis: () => now,
    async tryPublish(events) {
      rows.push(events.length);
      if (!loses) sequences.push(...events.map(({ sequence }) => sequence));
      return { ok: true, accepted: events.length };
    },
    async until(holds, _what, deadlineMillis = 0) {
      now += Math.min(deadlineMillis, (rows.at(-1) ?? 0) * betweenMillis);
      if (rows.length * (rows[0] ?? 0) >= 17) deliveries.followed(rows.length, betweenMillis);
      return holds();
    },
  };
  await measureDeliveries(lab, { record: { sequences } } as unknown as LabClient);
  return rows;
}

describe('measureDeliveries', () => {
  it('ends with the first row that is fast', async () => {
    expect(await measured({ betweenMillis: 0.1 })).toEqual([17]);
  });

  it('believes what three rows have shown', async () => {
    expect(await measured({ betweenMillis: 19 })).toEqual([17, 17, 17]);
  });

  it('gives a very slow hub one row', async () => {
    expect(await measured({ betweenMillis: 250 })).toEqual([17]);
  });

  it('publishes shorter rows to a hub with a short buffer, as many as one measurement needs', async () => {
    expect(await measured({ betweenMillis: 0.1, clientBufferMessages: 8 })).toEqual(Array(6).fill(4));
    expect(await measured({ betweenMillis: 0.1, clientBufferMessages: 2 })).toEqual([]);
  });

  it('measures nothing on a slow route', async () => {
    expect(await measured({ betweenMillis: 20, routeMillis: 40 })).toEqual([]);
  });

  it('ends with the first row whose last event does not come', async () => {
    expect(await measured({ betweenMillis: 19, loses: true })).toEqual([17]);
  });
});

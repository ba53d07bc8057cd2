// The rows that are published before the first check: few to a fast hub, none on a slow route.
import { describe, expect, it } from 'vitest';
import type { LabClient } from '../../lab/lab-client.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { createDeliveryTimes } from './delivery-times.ts';
import { measureDeliveries } from './measure-deliveries.ts';

async function measured(betweenMillis: number, routeMillis = 1, clientBufferMessages = 64) {
  const deliveries = createDeliveryTimes();
  const rows: number[] = [];
  let now = 0;
  const lab: Parameters<typeof measureDeliveries>[0] = {
    settings: { ...DEFAULT_SETTINGS, clientBufferMessages },
    routeMillis,
    deliveries,
    elapsedMillis: () => now,
    async publish(shapes) {
      rows.push(shapes.length);
      now += shapes.length * betweenMillis;
      deliveries.followed(rows.length, betweenMillis);
      return [];
    },
  };
  await measureDeliveries(lab, {} as LabClient);
  return rows;
}

describe('measureDeliveries', () => {
  it('ends with the first row that is fast', async () => {
    expect(await measured(0.1)).toEqual([17]);
  });

  it('believes what three rows have shown', async () => {
    expect(await measured(20)).toEqual([17, 17, 17]);
  });

  it('gives a very slow hub one row', async () => {
    expect(await measured(250)).toEqual([17]);
  });

  it('publishes shorter rows to a hub with a short buffer, as many as one measurement needs', async () => {
    expect(await measured(0.1, 1, 8)).toEqual([24]);
    expect(await measured(0.1, 1, 2)).toEqual([]);
  });

  it('measures nothing on a slow route', async () => {
    expect(await measured(20, 40)).toEqual([]);
  });
});

// Holds the known-bad hubs to their word: each defect shows over the wire as its file says, and the correct hub they
// are made from never shows any of them. A defect that does not misbehave would make every judgement on it a lie.
import { describe, expect, it } from 'vitest';
import type { RunningHub } from './hub/start-hub.ts';
import { CORRECT_HUB_ID, DEFECTS, startDefectiveHub } from './registry.ts';
import { DELIVERY_SHOWINGS } from './witnesses/delivery.ts';
import { NO_HUB_SHOWINGS } from './witnesses/no-hub.ts';
import type { Showing } from './witnesses/scene.ts';
import { SLOW_CLIENT_SHOWINGS } from './witnesses/slow-client.ts';

const SHOWINGS: Readonly<Record<string, Showing>> = {
  ...NO_HUB_SHOWINGS,
  ...DELIVERY_SHOWINGS,
  ...SLOW_CLIENT_SHOWINGS,
};

async function isShownBy(id: string, showing: Showing): Promise<boolean> {
  const hub: RunningHub = await startDefectiveHub(id, { pingIntervalMillis: 0, ...showing.options });
  try {
    return await showing.shows(hub);
  } finally {
    await hub.close();
  }
}

describe('the known-bad hubs', () => {
  it('have distinct ids, and a witness each', () => {
    const ids = DEFECTS.map((defect) => defect.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(SHOWINGS).sort()).toEqual([...ids].sort());
  });

  it.each(DEFECTS.map((defect) => [defect.id, defect.summary]))(
    '%s: %s',
    async (id) => {
      const showing = SHOWINGS[id];
      if (showing === undefined) throw new Error(`no witness for ${id}`);
      expect(await isShownBy(id, showing), `the defect ${id} shows`).toBe(true);
      expect(await isShownBy(CORRECT_HUB_ID, showing), `the correct hub shows ${id}`).toBe(false);
    },
    60_000,
  );
});

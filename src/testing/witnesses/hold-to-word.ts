// Registers one test for each showing: the defect shows over the wire as its file says, and the correct hub that it is
// made from does not show it. A defect that does not misbehave would make every judgement on it a lie.
import { expect, it } from 'vitest';
import { createLanes } from '../judge/lanes.ts';
import { CORRECT_HUB_ID, findDefect, startDefectiveHub } from '../registry.ts';
import type { Showing } from './scene.ts';

const DEADLINE_MILLIS = 60_000;

async function isShownBy(id: string, showing: Showing): Promise<boolean> {
  const hub = await startDefectiveHub(id, { pingIntervalMillis: 0, ...showing.options });
  try {
    return await showing.shows(hub);
  } finally {
    await hub.close();
  }
}

/** `lanes`: showings at the same moment; the fewer, the more of the machine each has. */
export function holdToWord(showings: Readonly<Record<string, Showing>>, lanes: number): void {
  const inLane = createLanes(lanes);
  for (const [id, showing] of Object.entries(showings)) {
    const title = `${id} shows that ${findDefect(id)?.summary}`;
    const hold = async (): Promise<void> => {
      expect(await isShownBy(id, showing), `the defect ${id} shows`).toBe(true);
      expect(await isShownBy(CORRECT_HUB_ID, showing), `the correct hub shows ${id}`).toBe(false);
    };
    it.concurrent(title, { timeout: DEADLINE_MILLIS }, () => inLane(hold));
  }
}

// Registers one test for each showing: the defect shows over the wire as its file says, and the correct hub that it is
// made from does not show it. A defect that does not misbehave would make every judgement on it a lie.
import { expect, it } from 'vitest';
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

/** `sideBySide`: several showings at once, for those that mostly wait for what does not come. */
export function holdToWord(showings: Readonly<Record<string, Showing>>, sideBySide: boolean): void {
  const test = sideBySide ? it.concurrent : it;
  for (const [id, showing] of Object.entries(showings)) {
    test(`${id} shows that ${findDefect(id)?.summary}`, { timeout: DEADLINE_MILLIS }, async () => {
      expect(await isShownBy(id, showing), `the defect ${id} shows`).toBe(true);
      expect(await isShownBy(CORRECT_HUB_ID, showing), `the correct hub shows ${id}`).toBe(false);
    });
  }
}

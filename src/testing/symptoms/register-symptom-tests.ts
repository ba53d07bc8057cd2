// Registers one test for each symptom: the defect shows over the wire as its catalogue says, and the correct hub that it
// is made from does not. A defect that did not misbehave would make every verdict on it worthless.
import { expect, it } from 'vitest';
import { untilDecided } from '../defect-tests/until-decided.ts';
import { createLanes } from '../lanes.ts';
import { CORRECT_HUB_ID, findDefect, startDefectiveHub } from '../registry.ts';
import type { Symptom } from './symptom.ts';

/** With the wait for a lane. */
const DEADLINE_MILLIS = 240_000;

async function isShownBy(id: string, symptom: Symptom): Promise<boolean> {
  const hub = await startDefectiveHub(id, { pingIntervalMillis: 0, ...symptom.options });
  try {
    return await symptom.shows(hub);
  } finally {
    await hub.close();
  }
}

/** `lanes`: how many symptoms run at the same time. */
export function registerSymptomTests(symptoms: Readonly<Record<string, Symptom>>, lanes: number): void {
  const inLane = createLanes(lanes);
  for (const [id, symptom] of Object.entries(symptoms)) {
    const title = `${id}: ${findDefect(id)?.summary}`;
    const run = async (): Promise<void> => {
      // On a busy machine a burst may be no burst.
      const isShown = await untilDecided(
        () => isShownBy(id, symptom),
        (shown) => !shown,
      );
      expect(isShown, `the defect ${id} shows`).toBe(true);
      expect(await isShownBy(CORRECT_HUB_ID, symptom), `the correct hub shows ${id}`).toBe(false);
    };
    it.concurrent(title, { timeout: DEADLINE_MILLIS }, () => inLane(run));
  }
}

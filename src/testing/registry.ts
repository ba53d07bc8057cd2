// How to start a known-bad hub, or a correct one with an unusual route, by its id.

import type { Defect } from './defect.ts';
import { DEFECTS } from './defects/all-defects.ts';
import { EXPLORED_DEFECTS } from './explored/explored-defects.ts';
import type { HookableHub } from './hub/hookable-hub.ts';
import type { HubChange } from './hub/hub-hooks.ts';
import { slowWriters } from './hub/slow-writers.ts';
import { type RunningHub, type StartOptions, startHub } from './hub/start-hub.ts';
import { CORRECT_ROUTES } from './routes/correct-routes.ts';

export { DEFECTS, EXPLORED_DEFECTS };

/** The id under which the correct hub of this folder can be started. */
export const CORRECT_HUB_ID = 'correct';

export function findDefect(id: string): Defect | undefined {
  return DEFECTS.find((defect) => defect.id === id);
}

/** Correct hubs, by the id under which they can be started. */
export const CORRECT_HUBS: Readonly<Record<string, HubChange<HookableHub> | undefined>> = {
  [CORRECT_HUB_ID]: undefined,
  'correct-slow-writers': slowWriters,
  ...CORRECT_ROUTES,
};

/** Starts the hub with this defect on 127.0.0.1; `correct` starts the hub without any. Throws for an unknown id. */
export function startDefectiveHub(id: string, options: StartOptions = {}): Promise<RunningHub> {
  if (id in CORRECT_HUBS) return startHub(CORRECT_HUBS[id], options);
  const explored = EXPLORED_DEFECTS.find((one) => one.id === id);
  if (explored !== undefined) return startHub(explored.change, options);
  const defect = findDefect(id);
  if (defect === undefined) throw new Error(`no defect is called ${JSON.stringify(id)}`);
  return startHub(defect.change, { ...options, gate: defect.createGate?.() });
}

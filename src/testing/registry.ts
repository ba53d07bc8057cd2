// How to start a known-bad hub, or a correct one with an unusual route, by its id.

import type { Defect } from './defect.ts';
import { DEFECTS } from './defects/all-defects.ts';
import { CORRECT_VARIANTS, type CorrectVariant } from './explored/correct-variants.ts';
import { EXPLORED_DEFECTS } from './explored/explored-defects.ts';
import { OUTAGE_DEFECTS } from './faults/outage-defects.ts';
import { RESTART_DEFECTS } from './faults/restart-defects.ts';
import { combineChanges } from './hub/combine-changes.ts';
import type { HookableHub } from './hub/hookable-hub.ts';
import type { HubChange } from './hub/hub-hooks.ts';
import { lateEvents, slowWriters } from './hub/slow-writers.ts';
import { type RunningHub, type StartOptions, startHub } from './hub/start-hub.ts';
import { CORRECT_ROUTES } from './routes/correct-routes.ts';

/** Shown only by restarts, freezes and disturbed networks. */
export const FAULT_DEFECTS = [...RESTART_DEFECTS, ...OUTAGE_DEFECTS];

export { CORRECT_VARIANTS, DEFECTS, EXPLORED_DEFECTS };

/** The id under which the correct hub of this folder can be started. */
export const CORRECT_HUB_ID = 'correct';

export function findDefect(id: string): Defect | undefined {
  return DEFECTS.find((defect) => defect.id === id);
}

/** Correct hubs, by the id under which they can be started. */
const CORRECT_HUBS: Readonly<Record<string, HubChange<HookableHub> | undefined>> = {
  [CORRECT_HUB_ID]: undefined,
  'correct-slow-writers': slowWriters,
  'correct-late-events': lateEvents,
  ...CORRECT_ROUTES,
};

/** `correct`, a defect, a correct variant, or several of them at once: `any-origin+drop-newest`. */
export function isHubId(id: string): boolean {
  return id.split('+').every((part) => findChange(part) !== undefined);
}

/** Starts the hub with these defects on 127.0.0.1; `correct` starts the hub without any. Throws for an unknown id. */
export function startDefectiveHub(id: string, options: StartOptions = {}): Promise<RunningHub> {
  const changed = id.split('+').map((part) => {
    const found = findChange(part);
    if (found === undefined) throw new Error(`no defect is called ${JSON.stringify(part)}`);
    return found;
  });
  const gate = changed.map(({ createGate }) => createGate?.()).find((one) => one !== undefined);
  const own = Object.assign({}, ...changed.map((one) => one.options));
  return startHub(combineChanges(changed.map(({ change }) => change)), { ...own, ...options, gate });
}

type Changed = Pick<Defect, 'change' | 'createGate'> & Pick<CorrectVariant, 'options'>;

function findChange(id: string): Changed | undefined {
  if (id in CORRECT_HUBS) return { change: CORRECT_HUBS[id] ?? (() => ({})) };
  return (
    findDefect(id) ??
    [...EXPLORED_DEFECTS, ...FAULT_DEFECTS].find((one) => one.id === id) ??
    CORRECT_VARIANTS.find((one) => one.id === id)
  );
}

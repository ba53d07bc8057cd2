// Every known-bad hub, and how to start one by its id.
import type { Defect } from './defect.ts';
import { corrupt } from './defects/corrupt.ts';
import { corruptValue } from './defects/corrupt-value.ts';
import { diesInTheMiddle } from './defects/dies-in-the-middle.ts';
import { dropNewest } from './defects/drop-newest.ts';
import { dropOldest } from './defects/drop-oldest.ts';
import { dropRandom } from './defects/drop-random.ts';
import { duplicate } from './defects/duplicate.ts';
import { forgetWithoutClose } from './defects/forget-without-close.ts';
import { garbageHub } from './defects/garbage-hub.ts';
import { headOfLineBlock } from './defects/head-of-line-block.ts';
import { muteHub } from './defects/mute-hub.ts';
import { neverEvict } from './defects/never-evict.ts';
import { nullHub } from './defects/null-hub.ts';
import { postGap } from './defects/post-gap.ts';
import { reorder } from './defects/reorder.ts';
import { tornFrame } from './defects/torn-frame.ts';
import { yesHub } from './defects/yes-hub.ts';
import { type RunningHub, type StartOptions, startHub } from './hub/start-hub.ts';

export const DEFECTS: readonly Defect[] = [
  corrupt,
  corruptValue,
  diesInTheMiddle,
  dropNewest,
  dropOldest,
  dropRandom,
  duplicate,
  forgetWithoutClose,
  garbageHub,
  headOfLineBlock,
  muteHub,
  neverEvict,
  nullHub,
  postGap,
  reorder,
  tornFrame,
  yesHub,
];

/** The id under which the correct hub of this folder can be started. */
export const CORRECT_HUB_ID = 'correct';

export function findDefect(id: string): Defect | undefined {
  return DEFECTS.find((defect) => defect.id === id);
}

/** Starts the hub with this defect on 127.0.0.1; `correct` starts the hub without any. Throws for an unknown id. */
export function startDefectiveHub(id: string, options: StartOptions = {}): Promise<RunningHub> {
  if (id === CORRECT_HUB_ID) return startHub(undefined, options);
  const defect = findDefect(id);
  if (defect === undefined) throw new Error(`no defect is called ${JSON.stringify(id)}`);
  return startHub(defect.change, { ...options, takeConnection: defect.takeConnection });
}

// The checks of the chapter lifecycle: sagas, connections and the hub itself from beginning to end.
import type { Check } from '../check.ts';
import { deadPeerFound, pingsCome } from './lifecycle/dead-peers.ts';
import { closeIsAnswered, halfCloseEnds } from './lifecycle/endings.ts';
import { nothingLeaks, restartWorks } from './lifecycle/hub-life.ts';
import { idleIsKept, silentIsKept } from './lifecycle/idle.ts';
import { idleCpu } from './lifecycle/idle-cpu.ts';
import { memoryLevelsOff } from './lifecycle/memory.ts';
import { nothingAfterClose } from './lifecycle/nothing-after-close.ts';
import { quietHub } from './lifecycle/quiet/quiet-hub.ts';
import { scenariosArrive } from './lifecycle/scenarios.ts';
import { gracefulStop } from './lifecycle/stop/graceful-stop.ts';

export const lifecycleChecks: readonly Check[] = [
  scenariosArrive,
  closeIsAnswered,
  nothingAfterClose,
  idleIsKept,
  silentIsKept,
  quietHub,
  halfCloseEnds,
  pingsCome,
  deadPeerFound,
  nothingLeaks,
  restartWorks,
  // Right after the hub was started again: what it had freed before would hide what it keeps, and what it does for clients
  // that have left would be there already.
  idleCpu,
  memoryLevelsOff,
  gracefulStop,
];

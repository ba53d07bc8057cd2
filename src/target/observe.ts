// A hub that the kit can only observe: without a way to broadcast, only what shows without events can be judged.
import type { Driver } from './driver.ts';
import { createExternalTarget, type ExternalHub } from './external.ts';
import type { Target } from './target.ts';

function createObserveDriver(reason: string): Driver {
  return {
    abilities: {
      broadcast: false,
      batch: false,
      stats: false,
      missing: { broadcast: reason, batch: reason, stats: reason },
    },
    broadcast: async () => ({ ok: false, kind: 'unsupported', problem: reason }),
    stats: async () => undefined,
    askToStop: async () => false,
    close: async () => {},
  };
}

/** `reason` says why the hub cannot be made to broadcast; it becomes the reason of every check skipped for it. */
export function createObserveTarget(
  url: string,
  reason: string,
  hub: Pick<ExternalHub, 'hubPid' | 'names' | 'tls'> = {},
): Target {
  return createExternalTarget({ adapter: 'observe', url, driver: createObserveDriver(reason), ...hub });
}

// An external target: the kit drives the hub and reads its memory where it knows the process, but never stops it.
import type { TlsSettings } from '../wire/tls/tls-settings.ts';
import type { Driver } from './driver.ts';
import { FLAG_NAMES, type OptionNames } from './option-names.ts';
import { readProcessResources } from './process-facts.ts';
import type { Target } from './target.ts';

export interface ExternalHub {
  readonly adapter: string;
  readonly url: string;
  readonly driver: Driver;
  /** Whose memory and descriptors may be read. */
  readonly hubPid?: number | undefined;
  readonly names?: OptionNames | undefined;
  readonly tls?: TlsSettings | undefined;
}

export function createExternalTarget({
  adapter,
  url,
  driver,
  hubPid,
  names = FLAG_NAMES,
  tls,
}: ExternalHub): Target {
  const notOurs = `the kit did not start this hub (use ${names.spawn})`;
  return {
    adapter,
    url,
    tls,
    get abilities() {
      const { missing, ...abilities } = driver.abilities;
      const why = { ...missing, restart: notOurs };
      return hubPid === undefined
        ? {
            ...abilities,
            resources: false,
            restart: false,
            missing: { ...why, resources: `the process of the hub is not known (use ${names.pid})` },
          }
        : { ...abilities, resources: true, restart: false, missing: why };
    },
    broadcast: (texts, options) => driver.broadcast(texts, options),
    requestForms: driver.requestForms,
    producer: () => driver.producer?.(),
    stats: () => driver.stats(),
    resources: async () => (hubPid === undefined ? undefined : readProcessResources(hubPid)),
    pids: hubPid === undefined ? undefined : () => [hubPid],
    stop: async () => ({ ok: false, problem: notOurs }),
    kill: async () => {},
    restart: async () => ({ ok: false, problem: notOurs }),
    // Its process is not watched; a hub that goes away shows in connections and broadcasts.
    died: new Promise(() => {}),
    close: () => driver.close(),
  };
}

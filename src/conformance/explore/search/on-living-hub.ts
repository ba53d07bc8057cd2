// What searching and replaying share: the hub kept running for programs, and the result of whatever was run on it.

import { paceFor } from '../../../session/window.ts';
import { readDescriptorLimit } from '../../../target/process-facts.ts';
import { canConnect } from '../../../target/spawn/await-ready.ts';
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { isUnixUrl } from '../../../wire/address/unix-url.ts';
import { hasSmallWindow } from '../../../wire/kernel/small-window-socket.ts';
import type { KnownFailing } from '../../known-failing.ts';
import { readRunEnvironment } from '../../run/run-environment.ts';
import type { Settings } from '../../run/settings.ts';
import { watchCpu } from '../../run/starvation/watch/watch-cpu.ts';
import type { Bounds } from '../program/plan.ts';
import { createExploreResult, type ExploreResult, type ExploreRun } from '../result.ts';
import { createHubKeeper, type HubKeeper } from './hub-keeper.ts';

/** The hub, and for how long it is searched. */
export interface SearchOptions {
  readonly target: Target;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly timeMillis: number;
  /**
   * What was seen to fail is investigated for so long beyond `timeMillis`; up to half of it makes up for the time that
   * investigating took from the search. Default 45 s.
   */
  readonly overtimeMillis?: number;
  /** The search ends with so many findings; default: not before its time. */
  readonly mostFindings?: number;
  readonly signal?: AbortSignal;
  /** After each program. */
  readonly onProgress?: (programs: number, findings: number) => void;
}

export interface ExploreOptions extends SearchOptions {
  /** Findings that are accepted for now. */
  readonly knownFailing?: readonly KnownFailing[];
  readonly kit: { readonly name: string; readonly version: string };
  /** The command line of this run. */
  readonly command: string;
}

export interface LivingHub {
  readonly options: SearchOptions;
  readonly keeper: HubKeeper;
  readonly signal: AbortSignal;
  /** Since the start of the run. */
  readonly elapsedMillis: () => number;
}

/** Nothing is said about a hub that refuses larger ones. */
const MOST_EVENT_BYTES = 1024 * 1024 + 2_048;
const IPV4_LOOPBACK = ['127.0.0.1', 'localhost'];
const COMMON_DESCRIPTORS = 1_024;
const SPARE_DESCRIPTORS = 200;
const LONG_RUN_MILLIS = 5 * 60_000;
const LONGEST_SILENCE_MILLIS = 60_000;
const SHORT_SILENCE_MILLIS = 7_000;
/** A short run has other things to try. */
const SILENT_SHARE = 0.25;

export async function onLivingHub<T>(
  options: SearchOptions,
  run: (hub: LivingHub) => Promise<T>,
): Promise<T> {
  const { target, settings, clock, signal = new AbortController().signal } = options;
  const startMicros = clock.nowMicros();
  const elapsedMillis = (): number => (clock.nowMicros() - startMicros) / 1e3;
  const cpu = watchCpu(clock, () => target);
  const bounds = await findBounds(options);
  const keeper = createHubKeeper({ target, settings, bounds, clock, cpu, signal });
  try {
    return await run({ options, keeper, signal, elapsedMillis });
  } finally {
    await keeper.close();
    cpu.stop();
  }
}

/** The result of what was run, with what a report says about the run. */
export async function resultOf(
  options: ExploreOptions,
  run: () => Promise<ExploreRun>,
): Promise<ExploreResult> {
  const { clock, signal } = options;
  const startedAt = new Date(clock.wallMillis()).toISOString();
  const startMicros = clock.nowMicros();
  const found = await run();
  return createExploreResult({
    ...found,
    options,
    startedAt,
    durationMillis: (clock.nowMicros() - startMicros) / 1e3,
    environment: readRunEnvironment(),
    isPartial: signal?.aborted === true,
  });
}

async function findBounds({ target, settings, timeMillis }: SearchOptions): Promise<Bounds> {
  const { clientBufferMessages } = settings;
  return {
    clientBufferMessages,
    windowEvents: paceFor(clientBufferMessages),
    eventBytes: MOST_EVENT_BYTES,
    hasSmallWindow: hasSmallWindow(),
    canRestart: target.abilities.restart,
    hasIpv6: await listensOnIpv6(target),
    mostEvents: Number.POSITIVE_INFINITY,
    mostClients: await findMostClients(target),
    silenceMillis:
      timeMillis >= LONG_RUN_MILLIS
        ? LONGEST_SILENCE_MILLIS
        : Math.min(SHORT_SILENCE_MILLIS, timeMillis * SILENT_SHARE),
  };
}

/** A hub that the kit started has the limit of descriptors of the kit; many systems give others 1,024. */
async function findMostClients({ abilities }: Target): Promise<number> {
  const own = (await readDescriptorLimit('self')) ?? COMMON_DESCRIPTORS;
  return Math.min(own, abilities.restart ? own : COMMON_DESCRIPTORS) - SPARE_DESCRIPTORS;
}

/** Only where the kit started the hub: on another one the port on ::1 may be somebody else's. */
async function listensOnIpv6({ url, abilities }: Target): Promise<boolean> {
  if (!abilities.restart || isUnixUrl(url) || !IPV4_LOOPBACK.includes(new URL(url).hostname)) return false;
  const onIpv6 = new URL(url);
  onIpv6.hostname = '[::1]';
  return canConnect(onIpv6.href);
}

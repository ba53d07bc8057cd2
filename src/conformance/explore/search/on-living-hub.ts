// What searching and replaying share: the hub kept running for programs, and the result of whatever was run on it.
import { prepareEnvelopeValidation } from '../../../protocol/envelope-validation.ts';
import { paceFor } from '../../../session/window.ts';
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { hasSmallWindow } from '../../../wire/small-window-socket.ts';
import type { KnownFailing } from '../../known-failing.ts';
import { readRunEnvironment } from '../../run/run-environment.ts';
import type { Settings } from '../../run/settings.ts';
import { watchStarvation } from '../../run/starvation.ts';
import type { Bounds } from '../program/plan.ts';
import { createExploreResult, type ExploreResult, type ExploreRun } from '../result.ts';
import { createHubKeeper, type HubKeeper } from './hub-keeper.ts';

export interface ExploreOptions {
  readonly target: Target;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly timeMillis: number;
  /** The search ends with so many findings; default: not before its time. */
  readonly mostFindings?: number;
  /** Findings that are accepted for now. */
  readonly knownFailing?: readonly KnownFailing[];
  readonly kit: { readonly name: string; readonly version: string };
  /** The command line of this run. */
  readonly command: string;
  readonly signal?: AbortSignal;
  /** After each program. */
  readonly onProgress?: (programs: number, findings: number) => void;
}

export interface LivingHub {
  readonly options: ExploreOptions;
  readonly keeper: HubKeeper;
  readonly bounds: Bounds;
  readonly signal: AbortSignal;
  /** Since the start of the run. */
  readonly elapsedMillis: () => number;
}

/** Smaller than what some correct hubs take in one event. */
const MOST_EVENT_BYTES = 256 * 1024;

export async function onLivingHub(
  options: ExploreOptions,
  run: (hub: LivingHub) => Promise<ExploreRun>,
): Promise<ExploreResult> {
  prepareEnvelopeValidation();
  const { target, settings, clock, signal = new AbortController().signal } = options;
  const startedAt = new Date(clock.wallMillis()).toISOString();
  const startMicros = clock.nowMicros();
  const elapsedMillis = (): number => (clock.nowMicros() - startMicros) / 1e3;
  const starvation = watchStarvation(clock);
  const bounds = boundsFor(settings);
  const keeper = createHubKeeper({ target, settings, bounds, clock, starvation, signal });
  try {
    return createExploreResult({
      ...(await run({ options, keeper, bounds, signal, elapsedMillis })),
      options,
      startedAt,
      durationMillis: elapsedMillis(),
      environment: readRunEnvironment(),
      isPartial: signal.aborted,
    });
  } finally {
    await keeper.close();
    starvation.stop();
  }
}

function boundsFor({ clientBufferMessages }: Settings): Bounds {
  return {
    clientBufferMessages,
    windowEvents: paceFor(clientBufferMessages),
    eventBytes: MOST_EVENT_BYTES,
    hasSmallWindow: hasSmallWindow(),
  };
}

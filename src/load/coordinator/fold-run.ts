// From what the coordinator knows of a run to its result: at the end, and for the journal at any moment before it.

import { forwardedHubs } from '../../faults/network/networks.ts';
import type { HealthMonitor } from '../../kit/process-health.ts';
import { CLIENT_BUFFER_MESSAGES } from '../../protocol/limits.ts';
import { hubsOf } from '../../target/replicas/joined-targets.ts';
import { reportTarget } from '../../target/tls/reported-target.ts';
import type { FaultLog } from '../faults/fault-window.ts';
import { type FoldInput, foldResult } from '../result/fold-result.ts';
import type { PressureResult } from '../result/parts/pressure.ts';
import type { Finding, LoadtestResult, OriginOutcome } from '../result/result.ts';
import { describeHubs } from './describe-hubs.ts';
import { readEnvironment } from './environment.ts';
import type { Publisher } from './publisher.ts';
import type { ReturnAccount } from './returns/return-account.ts';
import type { RunControl } from './run-control.ts';
import type { LoadRunOptions } from './run-options.ts';
import type { ThresholdWatch } from './thresholds/threshold-watch.ts';
import type { DeliveryWatch } from './watch/delivery-watch.ts';
import type { RunWatch } from './watch/run-watch.ts';

/** What a run has seen so far, apart from its clients. */
export interface FoldedRun {
  readonly options: LoadRunOptions;
  readonly startedAtMicros: number;
  readonly startedAtWallMillis: number;
  readonly measuredFromMicros: number;
  readonly publisher: Publisher;
  readonly control: RunControl;
  readonly watch: RunWatch;
  readonly health: HealthMonitor;
  readonly deliveries: DeliveryWatch | undefined;
  readonly faults: Pick<FaultLog, 'windows'>;
  readonly returns: Pick<ReturnAccount, 'soFar'>;
  readonly thresholds: Pick<ThresholdWatch, 'outcomeOf'>;
  readonly findings: readonly Finding[];
  readonly origin: readonly OriginOutcome[];
  readonly pressure: PressureResult | null;
  readonly pressedFromEvent: number | undefined;
}

/** What changes while the fold waits for the hub's figures: it is read at one moment, that of the clients' accounts. */
export type RunMoment = Pick<
  FoldInput,
  'endedAtMicros' | 'publishedEvents' | 'measuredEvents' | 'publishing' | 'stop'
>;

export function readMoment(run: FoldedRun): RunMoment {
  const { publisher, options, control } = run;
  return {
    endedAtMicros: options.clock.nowMicros(),
    publishedEvents: publisher.acceptedEvents,
    measuredEvents: publisher.measuredAccepted,
    publishing: {
      ...publisher.record.result(run.measuredFromMicros || run.startedAtMicros),
      ...(publisher.rota?.publishedEvents && { byAgents: publisher.rota.publishedEvents }),
    },
    stop: control.stop,
  };
}

export type HubFigures = Pick<FoldInput, 'hubs' | 'addresses' | 'resources' | 'forwarders'>;

export async function readHubs({ target, plan }: LoadRunOptions): Promise<HubFigures> {
  const resources = (await target.resources()) ?? null;
  const forwarded = forwardedHubs(plan.faults, hubsOf(target).length);
  return { resources, ...(await describeHubs(target, forwarded)) };
}

export function foldRun(
  run: FoldedRun,
  moment: RunMoment,
  measured: HubFigures & Pick<FoldInput, 'results' | 'unaccounted' | 'series' | 'http'>,
): LoadtestResult {
  const { options, publisher, control } = run;
  const { target, plan } = options;
  return foldResult({
    plan,
    windowsOf: run.thresholds.outcomeOf,
    kitVersion: options.kitVersion,
    target: reportTarget(target),
    environment: readEnvironment(),
    startedAtWallMillis: run.startedAtWallMillis,
    startedAtMicros: run.startedAtMicros,
    measuredFromMicros: run.measuredFromMicros,
    phases: control.phases,
    faults: run.faults.windows(),
    returns: run.returns.soFar(),
    samples: run.watch.samples(),
    lateness: publisher.lateness,
    pace: publisher.pace.counts(),
    publishLog: publisher.log,
    queuesOf: run.watch.queuesOf,
    standstill: run.deliveries?.longest(),
    pressure: run.pressure,
    pressedFromEvent: run.pressedFromEvent,
    clientBufferMessages: bufferOf(options),
    coordinator: run.health.read(),
    origin: run.origin,
    findings: run.findings,
    isObserved: !target.abilities.broadcast,
    agents: options.fleet?.agents(),
    ...moment,
    ...measured,
  });
}

/** The kit itself starts the reference hub, so that its buffer is known. */
function bufferOf({ plan, target }: LoadRunOptions): number | undefined {
  return plan.clientBufferMessages ?? (target.adapter === 'reference' ? CLIENT_BUFFER_MESSAGES : undefined);
}

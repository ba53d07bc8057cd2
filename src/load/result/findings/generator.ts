// How well the generator kept up, and what is not held against the hub when it did not.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { Finding, FindingName, GeneratorHealth, ProcessHealth } from '../result.ts';

// Above these limits the machine, not the hub, decides the times.
const MAX_UTILIZATION = 0.97;
const MAX_DELAY_P99_MICROS = 250_000;
const MAX_STARVED_SHARE = 0.4;
/** Hubs may close the sockets of clients that read nothing for longer. */
const MAX_STOP_MILLIS = 1_000;

/** What slow clients of the kit can cause: evictions of clients that do not keep up, and waits that end too early. */
const TIMING_FINDINGS: ReadonlySet<FindingName> = new Set([
  'lost',
  'blocked',
  'standstill',
  'not-evicted',
  'forgotten',
  'deaf',
  'not-released',
  'fast-evicted',
  'not-connected',
  'not-returned',
]);

/**
 * With an overloaded generator, what it may have caused itself becomes a warning. `caughtUp`: cohorts whose connected clients
 * have the last event; what these miss are gaps, and reading late leaves none.
 */
export function excuseTiming(findings: readonly Finding[], caughtUp: ReadonlySet<string>): Finding[] {
  const isGap = ({ name, cohort }: Finding) =>
    name === 'lost' && cohort !== undefined && caughtUp.has(cohort);
  return findings.map((finding) =>
    TIMING_FINDINGS.has(finding.name) && !isGap(finding)
      ? {
          ...finding,
          severity: 'warning',
          message: `${finding.message} (not held against the hub: the generator was overloaded)`,
        }
      : finding,
  );
}

export interface NamedProcess {
  readonly name: string;
  readonly health: ProcessHealth;
}

export function foldGenerator(
  workers: readonly NamedProcess[],
  { coordinator, forwarders = [] }: Pick<GeneratorHealth, 'coordinator' | 'forwarders'>,
  otherReasons: readonly string[],
): GeneratorHealth {
  const others = { coordinator, forwarders };
  const all = [...workers.map(({ health }) => health), coordinator, ...forwarders];
  const reasons = [...judgeGenerator(workers, others), ...otherReasons];
  return {
    workers: workers.map(({ health }) => health),
    coordinator,
    ...(forwarders.length === 0 ? {} : { forwarders }),
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    eventLoopDelayMicros: {
      p99: Math.max(...all.map(({ eventLoopDelayMicros }) => eventLoopDelayMicros.p99)),
      max: Math.max(...all.map(({ eventLoopDelayMicros }) => eventLoopDelayMicros.max)),
    },
    limited: reasons.length > 0,
    reasons,
  };
}

/** Which limits the generator exceeded; empty when it kept up. */
export function judgeGenerator(
  workers: readonly NamedProcess[],
  { coordinator, forwarders = [] }: Pick<GeneratorHealth, 'coordinator' | 'forwarders'>,
): string[] {
  return [
    ...workers,
    { name: 'the coordinator', health: coordinator },
    ...forwarders.map((health) => ({ name: 'the forwarder', health })),
  ].flatMap(({ name, health }) => judgeProcess(name, health));
}

function judgeProcess(name: string, health: ProcessHealth): string[] {
  return exceededLimits(health).map((reason) => `${name} ${reason}`);
}

function exceededLimits({
  utilization,
  eventLoopDelayMicros,
  starvedShare,
  longestStopMillis = 0,
}: ProcessHealth): string[] {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const reasons: string[] = [];
  if (utilization > MAX_UTILIZATION)
    reasons.push(`was busy ${percent(utilization)} of the time (limit ${percent(MAX_UTILIZATION)})`);
  if (eventLoopDelayMicros.p99 > MAX_DELAY_P99_MICROS)
    reasons.push(
      `was late by ${Math.round(eventLoopDelayMicros.p99 / 1e3)} ms in 1 of 100 turns (limit ${MAX_DELAY_P99_MICROS / 1e3} ms)`,
    );
  if (starvedShare > MAX_STARVED_SHARE)
    reasons.push(
      `did not get the CPU ${percent(starvedShare)} of the time (limit ${percent(MAX_STARVED_SHARE)})`,
    );
  if (longestStopMillis > MAX_STOP_MILLIS)
    reasons.push(
      `was stopped, or got no CPU time, for ${renderDurationMillis(longestStopMillis)} at a stretch (limit ${renderDurationMillis(MAX_STOP_MILLIS)})`,
    );
  return reasons;
}

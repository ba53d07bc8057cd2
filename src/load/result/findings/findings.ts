// What was wrong, named: a fold over what the workers counted. One finding for each name and cohort, with the number
// and what it means; the run's own sequence of phases adds what only it can see.
import { mustBeEvicted, mustBeKept } from '../../../client/behaviour.ts';
import type { Cohort } from '../../../client/cohort.ts';
import type { EventLogSnapshot, LedgerBalance } from '../../../ledger/ledger.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { AtHub, CohortPart } from '../../worker/worker-messages.ts';
import type { ComparedRun } from '../agents/judge-digests.ts';
import { nameAgents } from '../agents/name-agents.ts';
import { describeFirstEviction, type EvictionTimes } from '../evictions/first-eviction.ts';
import { judgeAway, judgeDeaf, judgeReplays } from '../faults/judge-returns.ts';
import type { HttpOutcome } from '../parts/http.ts';
import type { LedgerResult } from '../parts/ledger.ts';
import type { PressureResult } from '../parts/pressure.ts';
import type { Eviction, Finding, FindingName, OriginOutcome } from '../result.ts';
import type { TargetResult } from '../targets/fold-targets.ts';
import { describeWhereLost } from '../targets/lost-at-hubs.ts';
import { judgeConnections, judgeSubprotocols } from './failed-connections.ts';
import { describePressure, hasFilledQueues, judgeReleases } from './slow-clients.ts';

export interface FindingInput {
  readonly cohorts: readonly { readonly cohort: Cohort; readonly part: CohortPart }[];
  /** The same, one part for each worker and hub. */
  readonly cells: readonly AtHub<CohortPart>[];
  /** Of several hubs; none with one. */
  readonly targets: readonly TargetResult[];
  readonly events: readonly EventLogSnapshot[];
  readonly origin: readonly OriginOutcome[];
  readonly http: readonly HttpOutcome[];
  readonly ledger: LedgerResult;
  readonly thresholds: readonly Threshold[];
  /** False for a run that ended early: what is missing then proves nothing. */
  readonly isComplete: boolean;
  readonly hasTargetFailed: boolean;
  readonly pressure: PressureResult | null;
  /** As the plan names it. */
  readonly clientBufferMessages: number | undefined;
  readonly proxy?: string | undefined;
  readonly evictions: readonly Eviction[];
  readonly times: EvictionTimes;
  /** The hub was restarted or frozen by a fault. */
  readonly wasStopped: boolean;
  /** A slow client was shown to block the others. */
  readonly isBlocked: boolean;
  /** Where the clients were; default: on this machine. */
  readonly machines?: ComparedRun;
}

export function foldFindings(input: FindingInput): Finding[] {
  const isReordered = input.cohorts.some(({ part }) => part.balance.reordered > 0);
  return [
    ...input.cohorts.flatMap(({ cohort, part }) => [
      ...judgeContent(cohort, part, input.machines),
      ...judgeReplays(cohort, part),
      ...judgeConnections(cohort, part, input),
      ...judgeSubprotocols(cohort, part),
      ...(input.isComplete
        ? [
            ...judgeDeaf(cohort, part),
            ...judgeFate(cohort, part, input),
            ...judgeReleases(cohort, input.evictions),
            ...(mustBeKept(cohort.behaviour) ? judgeAway(cohort, part, input.thresholds) : []),
          ]
        : []),
    ]),
    ...input.events.flatMap((events) => judgeEvents(events, isReordered)),
    ...input.origin.filter(({ ok }) => !ok).map(describeOrigin),
    ...input.http.flatMap((outcome) => judgeHttp(outcome, input.wasStopped)),
    ...(input.isComplete ? judgeBalance(input.ledger) : []),
  ];
}

function judgeContent(cohort: Cohort, { balance }: CohortPart, machines?: ComparedRun): Finding[] {
  const findings: Finding[] = [];
  const on = (read: (balance: LedgerBalance) => number) =>
    machines === undefined ? '' : nameAgents(machines, cohort.name, read);
  const add = (name: FindingName, count: number, message: string) => {
    if (count > 0) findings.push({ name, severity: 'error', cohort: cohort.name, message });
  };
  add(
    'duplicated',
    balance.duplicated,
    `${balance.duplicated} deliveries were received more than once${on((one) => one.duplicated)}`,
  );
  add(
    'reordered',
    balance.reordered,
    `${balance.reordered} deliveries were received after a later event${on((one) => one.reordered)}`,
  );
  add(
    'corrupted',
    balance.corrupted,
    `${balance.corrupted} deliveries are not what was published${sampleOf(balance.faults)}${on((one) => one.corrupted)}`,
  );
  for (const fault of balance.faults) {
    if (fault.kind === 'not-what-was-published' || fault.kind === 'not-json') continue; // counted as corrupted
    findings.push({
      name: 'protocol',
      severity: fault.kind === 'non-minimal-length' ? 'warning' : 'error',
      cohort: cohort.name,
      message: `${fault.count} x ${fault.kind}: ${fault.sample}`,
    });
  }
  return findings;
}

function sampleOf(faults: readonly { readonly sample: string }[]): string {
  return faults[0] ? `, such as ${faults[0].sample}` : '';
}

function judgeFate(cohort: Cohort, part: CohortPart, input: FindingInput): Finding[] {
  const { isBlocked } = input;
  const findings: Finding[] = [];
  const error = (name: FindingName, message: string) =>
    findings.push({ name, severity: 'error', cohort: cohort.name, message });
  if (mustBeKept(cohort.behaviour)) {
    if (part.evicted > 0)
      error(
        'fast-evicted',
        `${part.evicted} clients that read everything at once were disconnected by the hub${describeFirstEviction(part, input.evictions, input.times)}`,
      );
    if (part.balance.lost > 0)
      error(
        'lost',
        `${part.balance.lost} deliveries were not received by clients that stayed connected and must get every event${describeWhereLost(cohort.name, input)}`,
      );
    return findings;
  }
  if (part.balance.tornPrefixes > 0)
    error(
      'prefix',
      `${part.balance.tornPrefixes} evicted clients received events with gaps; expected one contiguous prefix`,
    );
  const gaps = part.balance.lost;
  if (part.behind > 0)
    error(
      'forgotten',
      isBlocked
        ? `${part.behind} clients are connected and read, and had not received everything when the run ended`
        : `${part.behind} clients are connected and read, but receive nothing more: the hub dropped them without closing the socket`,
    );
  else if (gaps > 0)
    error(
      'lost',
      `${gaps} deliveries were not received by clients that stayed connected${isBlocked ? '' : ': the hub left out events instead of disconnecting the client'}${describeWhereLost(cohort.name, input)}`,
    );
  const kept = part.open - part.behind;
  if (mustBeEvicted(cohort.behaviour) && kept > 0) {
    const of = `${kept} of ${part.connected} clients that stopped reading were not disconnected`;
    if (isBlocked) error('not-evicted', `${of}: the hub waited for them`);
    else
      findings.push({
        name: 'not-evicted',
        severity: hasFilledQueues(input.pressure) ? 'error' : 'warning',
        cohort: cohort.name,
        message: `${of}, and received everything when they read on: ${describePressure(input)}`,
      });
  }
  return findings;
}

/** Clients share one log: a newcomer may see an event before the others see an earlier one, which breaks nobody's order. */
function judgeEvents(events: EventLogSnapshot, isReordered: boolean): Finding[] {
  const { schemaProblems, publishedSchemaProblems, sagaProblems } = events;
  const findings: Finding[] = [];
  if (schemaProblems.count > 0)
    findings.push({
      name: 'schema',
      severity: 'error',
      message: `${schemaProblems.count} events break their schema: ${schemaProblems.samples[0]}`,
    });
  if (publishedSchemaProblems.count > 0)
    findings.push({
      name: 'schema',
      severity: 'warning',
      message: `${publishedSchemaProblems.count} events of the scenario break their schema, and the hub delivered them as they were published: ${publishedSchemaProblems.samples[0]}`,
    });
  if (sagaProblems.count > 0 && isReordered)
    findings.push({
      name: 'saga-order',
      severity: 'error',
      message: `${sagaProblems.count} events arrived out of their saga's order: ${sagaProblems.samples[0]}`,
    });
  return findings;
}

function describeOrigin({ origin, expected, status }: OriginOutcome): Finding {
  const got = status === 101 ? 'accepted' : `refused (${status === null ? 'no answer' : `HTTP ${status}`})`;
  return {
    name: 'origin',
    severity: 'error',
    message: `the origin ${origin ?? '(none)'} was ${got}; expected: ${expected}`,
  };
}

function judgeHttp(
  { path, errors, unexpectedStatuses, expectedStatus, requests }: HttpOutcome,
  wasStopped: boolean,
): Finding[] {
  if (errors === 0 && unexpectedStatuses === 0) return [];
  const why = wasStopped ? ' (the hub was under a fault meanwhile)' : '';
  return [
    {
      name: 'http',
      severity: 'warning',
      message: `${path}: ${errors} errors and ${unexpectedStatuses} answers other than ${expectedStatus} in ${requests} requests${why}`,
    },
  ];
}

function judgeBalance({ balanced, imbalances }: LedgerResult): Finding[] {
  if (balanced) return [];
  const message = `the ledger does not balance: ${imbalances[0] ?? 'no reason given'}`;
  return [{ name: 'unbalanced', severity: 'error', message }];
}

export function describeSilence(clients: number, seconds: number): Finding {
  return {
    name: 'lost',
    severity: 'error',
    message: `${clients} connected clients got no event at all within ${seconds} s`,
  };
}

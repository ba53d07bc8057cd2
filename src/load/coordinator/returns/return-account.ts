// What became of the clients that were away, over all workers: each return is placed once it is known which of the events before
// its first were accepted, and when. Bounded: returns are summed up and forgotten.
import {
  type AbsenceSums,
  addAbsences,
  NO_ABSENCE,
  placeAbsence,
  placeReturns,
} from '../../../ledger/absence.ts';
import type { PublishLog } from '../../../ledger/published/publish-log.ts';
import { RefusedEvents, type UnowedKind } from '../../../ledger/refused-events.ts';
import type { FaultLog, FaultWindow } from '../../faults/fault-window.ts';
import { keptNames, type LoadPlan } from '../../plan/plan.ts';
import { MAX_FAULTS } from '../../result/faults/fold-faults.ts';
import type { AttemptCount, ReturnBatch, ReturnRecord } from '../../worker/returns/return-messages.ts';
import type { AtHub, CohortPart, WorkerResult } from '../../worker/worker-messages.ts';
import type { Publisher } from '../publisher.ts';
import { type CostOfFault, FaultCost, type JudgedCohorts } from './fault-cost.ts';
import { Tally, type TallySummary } from './tally.ts';

/** Seconds with attempts that are kept. */
const MAX_SECONDS = 86_400;

export interface SecondOfAttempts {
  attempts: number;
  failedAttempts: number;
}

export interface ReturnsSoFar {
  /** By the number of the fault. */
  readonly costs: ReadonlyMap<number, CostOfFault>;
  /** Events that each client dropped by a fault missed, by cohort. */
  readonly missed: ReadonlyMap<string, TallySummary>;
  /** By whole second of the machine's clock. */
  readonly seconds: ReadonlyMap<number, SecondOfAttempts>;
}

export interface ReturnSources {
  readonly log: Pick<PublishLog, 'acceptedUntil'>;
  /** Of events below this number it is known whether the hub took them. */
  readonly settledSequences: () => number;
  readonly faults: () => readonly FaultWindow[];
  readonly cohorts: JudgedCohorts;
}

interface Placed {
  returned: AbsenceSums;
  joined: AbsenceSums;
  deaf: number;
}

interface Waiting {
  readonly worker: number;
  readonly record: ReturnRecord;
}

export class ReturnAccount {
  private readonly sources: ReturnSources;
  private readonly refused = new RefusedEvents();
  private waiting: Waiting[] = [];
  private readonly placed = new Map<string, Placed>();
  private readonly costs = new Map<number, FaultCost>();
  private readonly missed = new Map<string, Tally>();
  private readonly seconds = new Map<number, SecondOfAttempts>();
  /** Over all seconds. */
  readonly attempts: SecondOfAttempts = { attempts: 0, failedAttempts: 0 };

  constructor(sources: ReturnSources) {
    this.sources = sources;
  }

  /** Nobody is owed these events, both inclusive. */
  refuse(from: number, to: number, why?: UnowedKind): void {
    this.refused.add(from, to, why);
  }

  add(worker: number, { returns, drops, attempts }: ReturnBatch): void {
    for (const drop of drops) this.costOf(drop.fault)?.addDrop(drop);
    for (const count of attempts) this.addAttempts(count);
    for (const record of returns) this.waiting.push({ worker, record });
    this.placeSettled();
  }

  /** The results with every event in its place. */
  finish(results: readonly WorkerResult[], acceptedEvents: number): WorkerResult[] {
    for (const one of this.waiting) this.place(one, acceptedEvents);
    this.waiting = [];
    return results.map((result) => ({
      ...result,
      cohorts: result.cohorts.map((part) => this.withReturns(part, result.worker ?? 0)),
    }));
  }

  soFar(): ReturnsSoFar {
    const { cohorts } = this.sources;
    return {
      costs: new Map(
        [...this.costs].map(([fault, cost]) => [fault, cost.result(this.fromMicros(fault), cohorts)]),
      ),
      missed: new Map([...this.missed].map(([cohort, tally]) => [cohort, tally.summary()])),
      seconds: this.seconds,
    };
  }

  private addAttempts(count: AttemptCount): void {
    if (count.fault !== undefined) this.costOf(count.fault)?.addAttempts(count);
    const { second, total, failed } = count;
    this.attempts.attempts += total;
    this.attempts.failedAttempts += failed;
    const known = this.seconds.get(second) ?? { attempts: 0, failedAttempts: 0 };
    if (this.seconds.size >= MAX_SECONDS && !this.seconds.has(second)) return;
    known.attempts += total;
    known.failedAttempts += failed;
    this.seconds.set(second, known);
  }

  private placeSettled(): void {
    const settled = this.sources.settledSequences();
    const isSettled = ({ record: { firstEvent } }: Waiting) =>
      firstEvent !== undefined && firstEvent.sequence < settled;
    const due = this.waiting.filter(isSettled);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter((one) => !isSettled(one));
    for (const one of due) this.place(one, Number.POSITIVE_INFINITY);
  }

  private place({ worker, record }: Waiting, acceptedEvents: number): void {
    const { cohort, hub, how, fault, nextSequence, firstEvent, isNewcomer } = record;
    const { log } = this.sources;
    const acceptedAtEnd = log.acceptedUntil(record.endedAtMicros);
    const { connectedAtMicros } = record;
    const acceptedAtReturn =
      connectedAtMicros === undefined ? undefined : log.acceptedUntil(connectedAtMicros);
    const to = Math.min(
      acceptedEvents,
      record.untilMicros === undefined ? acceptedEvents : log.acceptedUntil(record.untilMicros),
      firstEvent === undefined ? acceptedEvents : this.refused.rankOf(firstEvent.sequence),
    );
    const hasEvent = firstEvent !== undefined;
    // Who had no event before is owed those from its join.
    const had = nextSequence < 0 ? Math.min(to, acceptedAtEnd) : this.refused.rankOf(nextSequence);
    const sums = placeAbsence({ how, from: had, to, acceptedAtEnd, acceptedAtReturn, hasEvent });
    const placed = this.placedOf(worker, hub, cohort);
    if (nextSequence >= 0) placed.returned = addAbsences(placed.returned, sums);
    else if (isNewcomer && acceptedAtReturn !== undefined)
      placed.joined = addAbsences(
        placed.joined,
        placeAbsence({
          how: 'new',
          from: Math.min(to, acceptedAtReturn),
          to,
          acceptedAtEnd,
          acceptedAtReturn,
          hasEvent,
        }),
      );
    if (!hasEvent && connectedAtMicros !== undefined && sums.lost > 0) placed.deaf++;
    if (how === 'dropped') this.addCost(record, fault, sums);
  }

  private addCost(record: ReturnRecord, fault: number | undefined, sums: AbsenceSums): void {
    // Who never had an event is owed none of the time before its first.
    const { missedAway, lateJoin } = record.nextSequence < 0 ? NO_ABSENCE : sums;
    const missed = this.missed.get(record.cohort) ?? new Tally();
    missed.add(missedAway);
    this.missed.set(record.cohort, missed);
    if (fault === undefined) return;
    const placed = { record, missed: missedAway, lateJoin };
    this.costOf(fault)?.addReturn(placed, this.fromMicros(fault));
  }

  private withReturns(part: AtHub<CohortPart>, worker: number): AtHub<CohortPart> {
    const { deaf, ...places } = this.placedOf(worker, part.hub, part.name);
    if (places.returned === NO_ABSENCE && places.joined === NO_ABSENCE && part.balance.missedAway === 0)
      return part;
    const balance = placeReturns(part.balance, places);
    return { ...part, balance, ...(deaf > 0 && { deaf }) };
  }

  private placedOf(worker: number, hub: number, cohort: string): Placed {
    const key = `${worker} ${hub} ${cohort}`;
    const placed = this.placed.get(key) ?? { returned: NO_ABSENCE, joined: NO_ABSENCE, deaf: 0 };
    this.placed.set(key, placed);
    return placed;
  }

  private costOf(fault: number): FaultCost | undefined {
    const known = this.costs.get(fault);
    if (known !== undefined || this.costs.size >= MAX_FAULTS) return known;
    const cost = new FaultCost();
    this.costs.set(fault, cost);
    return cost;
  }

  private fromMicros(fault: number): number {
    return this.sources.faults().find(({ number }) => number === fault)?.fromMicros ?? 0;
  }
}

export function createReturnAccount(
  plan: LoadPlan,
  publisher: Pick<Publisher, 'log' | 'settledSequences'>,
  faults: FaultLog,
): ReturnAccount {
  const kept = keptNames(plan);
  const comesBack = new Set(plan.cohorts.filter(({ reconnect }) => reconnect).map(({ name }) => name));
  return new ReturnAccount({
    log: publisher.log,
    settledSequences: () => publisher.settledSequences,
    faults: () => faults.windows(),
    cohorts: { kept: new Set(kept), mustReturn: new Set(kept.filter((name) => comesBack.has(name))) },
  });
}

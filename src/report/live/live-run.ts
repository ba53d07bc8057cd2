// A run as it goes on, for people who watch: a fold over what the run shows of itself, into phases, rates and one point
// a second. Apart from how it is drawn, so that a terminal and a page show the same.

import type { CohortLatency, ProgressView } from '../../load/coordinator/run-options.ts';
import type { FaultInView } from '../../load/coordinator/watch/view-faults.ts';
import type { AgentView } from '../../load/coordinator/workers/view-agents.ts';
import type { PlannedPhase } from '../../load/plan/planned-phases.ts';

const POINT_MILLIS = 1_000;
/** Points kept: the last hour. */
const MAX_POINTS = 3_600;

export interface LivePlan {
  /** What is loaded: its URL and how it is driven. */
  readonly title: string;
  readonly phases: readonly PlannedPhase[];
  readonly cohorts: readonly { readonly name: string; readonly clients: number }[];
  /** Names of the agents, none where these are not known yet; absent on one machine. */
  readonly agents?: readonly string[];
}

export interface LivePhase {
  readonly name: string;
  readonly state: 'done' | 'running' | 'ahead';
  /** How far it is, 0 to 1; null where it takes as long as it takes. */
  readonly share: number | null;
  /** How long it took or takes so far. */
  readonly millis: number;
}

export interface LiveCohort {
  readonly name: string;
  readonly clients: number;
  readonly open: number;
  readonly evicted: number;
  readonly deliveries: number;
  readonly latency: CohortLatency | null;
  /** Clients that are about to come back. */
  readonly away: number;
}

export interface LiveAgent {
  readonly name: string;
  readonly view: AgentView | undefined;
}

/** Rates and latencies are those of about one second before. */
export interface LivePoint {
  readonly atMillis: number;
  readonly connected: number;
  readonly evicted: number;
  readonly eventsPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Of the cohort that is named first; null where nothing was measured. */
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
}

export interface LiveState {
  readonly title: string;
  readonly elapsedMillis: number;
  readonly phases: readonly LivePhase[];
  readonly publishedEvents: number;
  readonly deliveries: number;
  readonly cohorts: readonly LiveCohort[];
  readonly latenessMicros: ProgressView['latenessMicros'];
  /** None on one machine. Of those without a view nothing is known yet. */
  readonly agents: readonly LiveAgent[];
  /** That are on, or were until just now, as the user wrote them. */
  readonly faults: readonly FaultInView[];
  /** One a second, oldest first. */
  readonly points: readonly LivePoint[];
  /** Points that were dropped from the front because there were too many. */
  readonly droppedPoints: number;
}

export interface LiveRun {
  /** Takes every view, so that no phase is missed. */
  add(view: ProgressView): void;
  state(): LiveState;
}

interface Sight {
  readonly atMillis: number;
  readonly publishedEvents: number;
  readonly deliveries: number;
}

export function createLiveRun(plan: LivePlan): LiveRun {
  const startMillis = new Map<string, number>();
  const points: LivePoint[] = [];
  let droppedPoints = 0;
  let view: ProgressView = {
    phase: 'connect',
    elapsedMillis: 0,
    publishedEvents: 0,
    latenessMicros: null,
    hub: null,
    cohorts: [],
  };
  let before: Sight = { atMillis: 0, publishedEvents: 0, deliveries: 0 };

  function addPoint(): void {
    const sight = { atMillis: view.elapsedMillis, ...totalsOf(view) };
    const seconds = (sight.atMillis - before.atMillis) / 1e3;
    const measured = cohortsOf(plan, view).find(({ latency }) => latency !== null)?.latency;
    const hasNews = view.phase !== 'drain' && view.phase !== 'pressure';
    points.push({
      atMillis: Math.round(sight.atMillis),
      connected: sum(view.cohorts, 'open'),
      evicted: sum(view.cohorts, 'evicted'),
      eventsPerSecond: Math.max(0, sight.publishedEvents - before.publishedEvents) / seconds,
      deliveriesPerSecond: Math.max(0, sight.deliveries - before.deliveries) / seconds,
      p50Micros: hasNews ? (measured?.lastSecond.p50Micros ?? null) : null,
      p99Micros: hasNews ? (measured?.lastSecond.p99Micros ?? null) : null,
    });
    before = sight;
    if (points.length > MAX_POINTS) {
      points.shift();
      droppedPoints++;
    }
  }

  return {
    add(next) {
      view = next;
      if (!startMillis.has(view.phase)) startMillis.set(view.phase, view.elapsedMillis);
      if (view.elapsedMillis - before.atMillis >= POINT_MILLIS) addPoint();
    },
    state: () => ({
      title: plan.title,
      elapsedMillis: view.elapsedMillis,
      phases: foldPhases(plan, view, startMillis),
      ...totalsOf(view),
      cohorts: cohortsOf(plan, view),
      latenessMicros: view.latenessMicros,
      agents: agentsOf(plan, view),
      faults: view.faults?.inView ?? [],
      points,
      droppedPoints,
    }),
  };
}

function totalsOf(view: ProgressView): { publishedEvents: number; deliveries: number } {
  return { publishedEvents: view.publishedEvents, deliveries: sum(view.cohorts, 'deliveries') };
}

function sum(cohorts: ProgressView['cohorts'], key: 'open' | 'evicted' | 'deliveries' | 'attempted'): number {
  return cohorts.reduce((total, cohort) => total + cohort[key], 0);
}

function cohortsOf(plan: LivePlan, view: ProgressView): LiveCohort[] {
  return plan.cohorts.map(({ name, clients }) => {
    const now = view.cohorts.find((cohort) => cohort.name === name);
    return {
      name,
      clients,
      open: now?.open ?? 0,
      evicted: now?.evicted ?? 0,
      deliveries: now?.deliveries ?? 0,
      latency: now?.latency ?? null,
      away: now?.away ?? 0,
    };
  });
}

function agentsOf({ agents = [] }: LivePlan, view: ProgressView): LiveAgent[] {
  const names = agents.length > 0 ? agents : (view.agents ?? []).map(({ name }) => name);
  return names.map((name) => ({ name, view: view.agents?.find((agent) => agent.name === name) }));
}

/** A phase that was passed over when the run was cut short stays ahead. */
function foldPhases(
  plan: LivePlan,
  view: ProgressView,
  startMillis: ReadonlyMap<string, number>,
): LivePhase[] {
  const begun = [...startMillis.keys()];
  return plan.phases.map(({ name, millis: planned }) => {
    const start = startMillis.get(name);
    if (start === undefined) return { name, state: 'ahead', share: null, millis: 0 };
    const next = begun[begun.indexOf(name) + 1];
    const isRunning = next === undefined;
    const millis = (isRunning ? view.elapsedMillis : (startMillis.get(next) as number)) - start;
    if (!isRunning) return { name, state: 'done', share: 1, millis };
    const share =
      name === 'connect' ? connectedShare(plan, view) : planned === null ? null : millis / planned;
    return { name, state: 'running', share: share === null ? null : Math.min(1, share), millis };
  });
}

/** Of the cohorts that have begun to connect. */
function connectedShare({ cohorts }: LivePlan, view: ProgressView): number {
  const begun = cohorts.filter(({ name }) => view.cohorts.some((cohort) => cohort.name === name));
  const clients = begun.reduce((total, cohort) => total + cohort.clients, 0);
  return clients === 0 ? 0 : sum(view.cohorts, 'attempted') / clients;
}

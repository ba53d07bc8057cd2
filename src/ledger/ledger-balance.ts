// The verdict of the ledger: a fold over the clients' snapshots. Pure, so that it can be taken in a worker for each
// cohort and merged in the parent, and so that tests can try every wrong account. Two sides are counted apart, what
// each client counted as it came and what the driver published; they must agree.
import type { ClientOutcome, FaultCount, LedgerBalance, LedgerEntry, PublishedRange } from './ledger.ts';
import { withoutUnanswered } from './unanswered-events.ts';

const MAX_IMBALANCES = 10;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type LedgerSums = Mutable<Omit<LedgerBalance, 'faults' | 'balanced' | 'imbalances'>>;

/** Folds what clients received against what was published. An empty list balances. */
export function foldLedger(entries: Iterable<LedgerEntry>, published: PublishedRange): LedgerBalance {
  const sums = emptySums(Math.max(0, published.last - published.first + 1));
  const faults: FaultCount[] = [];
  const imbalances: string[] = [];
  let clientNumber = 0;
  for (const entry of entries) {
    const problem = addClient(sums, entry, published);
    if (problem !== undefined) imbalances.push(`client ${clientNumber}: ${problem}`);
    if (entry.snapshot.faults.length > 0) faults.push(...entry.snapshot.faults);
    clientNumber++;
  }
  return concluded(sums, faults, imbalances);
}

/** Balances of disjoint clients and the same published range as one. */
export function mergeBalances(balances: readonly LedgerBalance[]): LedgerBalance {
  const sums = emptySums(Math.max(0, ...balances.map((balance) => balance.published)));
  for (const balance of balances) {
    for (const key of SUMMED) sums[key] += balance[key];
  }
  const ranges = new Set(balances.filter((balance) => balance.clients > 0).map(({ published }) => published));
  const imbalances = balances.flatMap((balance) => balance.imbalances);
  if (ranges.size > 1) imbalances.push('balances of different published ranges were merged');
  return concluded(
    sums,
    balances.flatMap((balance) => balance.faults),
    imbalances,
  );
}

const SUMMED = [
  'clients',
  'expected',
  'received',
  'evictedTail',
  'leftTail',
  'lost',
  'missedAway',
  'lateJoin',
  'replayed',
  'unaccounted',
  'beforeJoin',
  'silent',
  'silentClients',
  'duplicated',
  'reordered',
  'corrupted',
  'unplaced',
  'foreign',
  'refused',
  'tornPrefixes',
  'torn',
] as const satisfies readonly (keyof LedgerSums)[];

/** What clients are known to have received, and what was wrong with it; of the rest nobody knows where it is. */
const KNOWN_FACTS = [
  ...['received', 'duplicated', 'reordered', 'corrupted', 'replayed'],
  ...['unplaced', 'foreign', 'refused', 'beforeJoin', 'silent'],
] as readonly Exclude<keyof LedgerSums, 'published'>[];

/**
 * Of clients of which no last account came. `known` is one of before, perhaps of fewer of them and fewer events: what it counts as
 * received stays so. Everything else is unaccounted for, from `owedFrom` on.
 */
export function unaccountedBalance(
  clients: number,
  range: PublishedRange,
  owedFrom: number,
  known: LedgerBalance = mergeBalances([]),
): LedgerBalance {
  const sums = emptySums(Math.max(0, range.last - range.first + 1));
  for (const key of KNOWN_FACTS) sums[key] = known[key];
  const others = Math.max(0, clients - known.clients);
  const owed = Math.min(sums.published, Math.max(0, range.last + 1 - owedFrom));
  sums.clients = known.clients + others;
  sums.beforeJoin += others * (sums.published - owed);
  sums.expected = sums.published * sums.clients - sums.beforeJoin - sums.silent;
  sums.unaccounted = sums.expected - sums.received;
  return concluded(sums, known.faults, []);
}

function emptySums(published: number): LedgerSums {
  const sums = Object.fromEntries(SUMMED.map((key) => [key, 0])) as Record<(typeof SUMMED)[number], number>;
  return { ...sums, published };
}

/** Adds one client to the sums; one sentence when its own account does not add up. */
function addClient(
  sums: LedgerSums,
  { snapshot: whole, outcome }: LedgerEntry,
  range: PublishedRange,
): string | undefined {
  const snapshot = withoutUnanswered(whole, range);
  sums.clients++;
  sums.duplicated += snapshot.duplicated;
  sums.reordered += snapshot.reordered;
  sums.corrupted += snapshot.corrupted;
  sums.unplaced += snapshot.unplaced;
  sums.foreign += snapshot.foreign;
  sums.refused += snapshot.refused ?? 0;
  sums.replayed += snapshot.replayed ?? 0;
  if (snapshot.isTorn) sums.torn++;
  const { firstSequence: first, nextSequence: next, received, missing, away = 0 } = snapshot;
  if (first === undefined || next === undefined) {
    addSilentClient(sums, outcome, range);
    return received === 0 ? undefined : `${received} received and none of them first`;
  }
  const takesPartFrom = Math.min(first, range.owedFrom ?? first);
  const tail = Math.max(0, range.last + 1 - next);
  const neverCame = missing + (first - takesPartFrom);
  sums.expected += Math.max(range.last, next - 1) - takesPartFrom + 1;
  sums.beforeJoin += takesPartFrom - range.first;
  sums.received += received;
  sums.lost += neverCame;
  sums.missedAway += away;
  addTail(sums, outcome, tail);
  if (outcome === 'evicted' && neverCame > 0) sums.tornPrefixes++;
  if (next - 1 > range.last)
    return `received event ${next - 1}, which was not published (last is ${range.last})`;
  if (first < range.first)
    return `received event ${first}, which was not published (first is ${range.first})`;
  if (received !== next - first - missing - away) {
    const missed = away === 0 ? '' : `, ${away} missed while away`;
    return `${received} received and ${missing} missing${missed} between ${first} and ${next - 1}`;
  }
  return undefined;
}

function addSilentClient(sums: LedgerSums, outcome: ClientOutcome, range: PublishedRange): void {
  const owedFrom = range.owedFrom ?? range.last + 1;
  const owed = Math.max(0, range.last + 1 - owedFrom);
  sums.silentClients++;
  sums.silent += sums.published - owed;
  sums.expected += owed;
  addTail(sums, outcome, owed);
}

function addTail(sums: LedgerSums, outcome: ClientOutcome, tail: number): void {
  if (outcome === 'evicted') sums.evictedTail += tail;
  else if (outcome === 'left') sums.leftTail += tail;
  else if (outcome === 'dropped' || outcome === 'waiting') sums.missedAway += tail;
  else sums.lost += tail;
}

export function concluded(
  sums: LedgerSums,
  faults: readonly FaultCount[],
  clientProblems: readonly string[],
): LedgerBalance {
  const problems = [...clientProblems];
  const { published, clients, expected, received, evictedTail, leftTail, lost, beforeJoin, silent } = sums;
  const { missedAway, lateJoin, unaccounted } = sums;
  if (expected !== received + evictedTail + leftTail + lost + missedAway + lateJoin + unaccounted) {
    const away =
      missedAway + lateJoin === 0 ? '' : ` + ${missedAway} missed while away + ${lateJoin} late join`;
    const unknown = unaccounted === 0 ? '' : ` + ${unaccounted} unaccounted`;
    problems.push(
      `${expected} expected, but ${received} received + ${evictedTail} evicted + ${leftTail} left + ${lost} lost${away}${unknown}`,
    );
  }
  if (published * clients !== expected + beforeJoin + silent) {
    problems.push(
      `${published} published to ${clients} clients, but ${expected} expected + ${beforeJoin} before the join + ${silent} silent`,
    );
  }
  return {
    ...sums,
    faults: mergeFaults(faults),
    balanced: problems.length === 0,
    imbalances: problems.slice(0, MAX_IMBALANCES),
  };
}

/** By kind, the most frequent first, with the first sample of each. */
function mergeFaults(faults: readonly FaultCount[]): readonly FaultCount[] {
  const byKind = new Map<string, FaultCount>();
  for (const fault of faults) {
    const known = byKind.get(fault.kind);
    byKind.set(fault.kind, known === undefined ? fault : { ...known, count: known.count + fault.count });
  }
  return [...byKind.values()].sort((one, other) => other.count - one.count);
}

// The balance of clients that left and whose connections are gone, in constant memory: a client that rejoins every second
// leaves thousands of accounts behind. Each is added when it leaves, before the end of what is published is known.
import type { ClientSnapshot, FaultCount, LedgerBalance } from './ledger.ts';
import { addClient, concluded, emptySums, MAX_IMBALANCES, mergeFaults } from './ledger-balance.ts';

export class DepartedClients {
  /** Against what each had seen: the tails are added when the end is known. */
  private readonly sums = emptySums(0);
  private faults: readonly FaultCount[] = [];
  private readonly imbalances: string[] = [];
  private nextSequences = 0;
  private highestNext = 0;

  get clients(): number {
    return this.sums.clients;
  }

  /** A client that left by the driver's own doing. */
  add(snapshot: ClientSnapshot): void {
    const next = snapshot.nextSequence ?? 0;
    const problem = addClient(this.sums, { snapshot, outcome: 'left' }, { first: 0, last: next - 1 });
    if (problem !== undefined && this.imbalances.length < MAX_IMBALANCES)
      this.imbalances.push(`a client that left: ${problem}`);
    if (snapshot.faults.length > 0) this.faults = mergeFaults([...this.faults, ...snapshot.faults]);
    this.nextSequences += next;
    this.highestNext = Math.max(this.highestNext, next);
  }

  /** Against events 0 to `last`: the same as `foldLedger` of all of them. */
  balance(last: number, unansweredLast = last): LedgerBalance {
    const { sums, highestNext } = this;
    const published = last + 1;
    const tails = (sums.clients - sums.silentClients) * published - this.nextSequences;
    // Below 0 where clients had received events that were never answered: nobody is owed those.
    const beyond = Math.max(0, -tails);
    const imbalances = [...this.imbalances];
    if (highestNext > unansweredLast + 1)
      imbalances.push(
        `a client that left: received event ${highestNext - 1}, which was not published (last is ${last})`,
      );
    return concluded(
      {
        ...sums,
        published,
        expected: sums.expected + tails,
        received: sums.received - beyond,
        leftTail: Math.max(0, tails),
        silent: sums.silentClients * published,
      },
      this.faults,
      imbalances,
    );
  }
}

// Accounts of one client for tests of the ledger: silent, or with everything between two events.
import type { ClientSnapshot } from '../../ledger/ledger.ts';

export const SILENT_CLIENT: ClientSnapshot = {
  firstSequence: undefined,
  nextSequence: undefined,
  received: 0,
  missing: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  unplaced: 0,
  foreign: 0,
  judgedSingly: 0,
  faults: [],
  isTorn: false,
  closeCode: 0,
};

/** Has seen events from `first` to before `next`, all but `missing` of them. */
export function buildClientSnapshot(first: number, next: number, missing = 0): ClientSnapshot {
  const received = next - first - missing;
  return { ...SILENT_CLIENT, firstSequence: first, nextSequence: next, received, missing };
}

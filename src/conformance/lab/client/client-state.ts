// What a finding says of one client: where it stands, and whether that can be the fault of a machine that was busy. Pure.
import { FACTS, type FindingExtras } from '../../finding.ts';
import type { LabClient } from '../lab-client.ts';

/** Where a client stands, for the `got` of a finding. */
export function describeState(client: LabClient): string {
  const { record, end, name } = client;
  const last = record.sequences.at(-1);
  const received = `${record.sequences.length} events${last === undefined ? '' : `, the last #${last}`}`;
  const close = record.closes[0];
  const closed = close === undefined ? 'without a Close frame' : `after Close ${close.code}`;
  const state =
    end === undefined
      ? 'is still connected'
      : `was disconnected at ${Math.round(end.atMillis)} ms ${closed} (${end.code ?? end.kind})`;
  const fault = record.faults[0] === undefined ? '' : `; first fault: ${record.faults[0].problem}`;
  return `client ${name} ${state}; it received ${received}${fault}`;
}

/**
 * What a breach rests on that is the state of this client, which was to stay connected. A hub may disconnect one that had
 * stopped reading for how long that took; of any other the end of its connection is no matter of time, nor is what cannot be read.
 */
export function basisOf({ record, isOpen, hasStopped }: LabClient): FindingExtras {
  return record.faults.length > 0 || (!isOpen && !hasStopped) ? FACTS : {};
}

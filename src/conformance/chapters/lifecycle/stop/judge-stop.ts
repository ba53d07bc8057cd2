// What the healthy clients of a hub that stops on request have received, and how its process ended.
import type { StopOutcome } from '../../../../target/target.ts';
import { FACTS, type Finding, fail, pass } from '../../../finding.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { isEvictionCode } from '../../slow-client/eviction.ts';

/** Clients without all of the last events that the hub evicted because of them; none where most get such a code. */
export function findEvicted(
  healthy: readonly LabClient[],
  lastEvents: readonly number[],
): readonly LabClient[] {
  const evicted = healthy.filter(
    (client) => !hasAll(client, lastEvents) && isEvictionCode(client.record.closes[0]?.code),
  );
  // A code that most clients get is how this hub stops.
  return evicted.length < healthy.length / 2 ? evicted : [];
}

export function judgeClients(clients: readonly LabClient[], lastEvents: readonly number[]): Finding {
  const unlike = clients.find(
    (client) => !(hasAll(client, lastEvents) && client.record.closes[0]?.code === 1001),
  );
  if (unlike === undefined) return pass();
  const received = lastEvents.filter((sequence) => unlike.record.sequences.includes(sequence)).length;
  const events =
    lastEvents.length === 0 ? '' : `the ${lastEvents.length} events accepted before the request, and `;
  const lost =
    received === lastEvents.length ? '' : `; of the last ${lastEvents.length} it received ${received}`;
  const breach = {
    expected: `every healthy client receives ${events}Close 1001`,
    got: `${describeState(unlike)}${lost}`,
  };
  return fail(breach, basisOf(unlike));
}

const hasAll = ({ record }: LabClient, sequences: readonly number[]): boolean =>
  sequences.every((sequence) => record.sequences.includes(sequence));

export function judgeEnd({ failure, by }: StopOutcome & { readonly ok: true }): Finding {
  if (failure === undefined) return pass();
  const breach = {
    expected: 'the process exits with code 0 or 143, or is ended by the signal',
    got: `after ${by ?? 'the request'} it ${failure}`,
  };
  return fail(breach, FACTS);
}

// The breach of a hub whose clients receive nothing after they joined.
import { FACTS, type Finding, fail } from '../../finding.ts';
import type { LabClient } from '../lab-client.ts';

export function neverJoined(missing: readonly LabClient[], nonces: number, waitMillis: number): Finding {
  const names = missing.map((client) => client.name).join(', ');
  const fault = missing.find((client) => client.record.faults.length > 0)?.record.faults[0];
  return fail(
    {
      expected: `a connected client receives events broadcast after it connected, within ${waitMillis} ms`,
      got: `client ${names} received none of ${nonces} events that the hub accepted${fault === undefined ? '' : `; first fault: ${fault.problem}`}`,
    },
    fault === undefined ? { muteness: 'delivers-nothing' } : FACTS,
  );
}
